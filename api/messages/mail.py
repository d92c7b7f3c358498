"""E-mail, by any server that speaks SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate

from api.messages.channels import Failed, Letter, Sent
from api.messages.settings import MessageSettings

_PERMANENT = 500


class Mail:
    """Sends each letter over a connection of its own."""

    def __init__(self, settings: MessageSettings, tls: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Send a letter to an e-mail address."""
        try:
            with self._connected() as server:
                server.send_message(self._message(letter, address))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return Failed("recipient-refused", retry=all(code < _PERMANENT for code in codes))
        except smtplib.SMTPAuthenticationError:
            return Failed("mail-login-refused", down=True)
        except smtplib.SMTPResponseException as error:
            return Failed(f"smtp-{error.smtp_code}", retry=error.smtp_code < _PERMANENT)
        except (OSError, smtplib.SMTPException) as error:
            return Failed(f"mail-{type(error).__name__}", down=True)
        except ValueError:  # an address the library cannot write into a header
            return Failed("address-invalid", retry=False)
        return Sent()

    def _connected(self) -> smtplib.SMTP:
        of, host = self._settings, self._settings.smtp_host or ""
        if of.smtp_security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, of.smtp_port, timeout=of.timeout_s, context=self._tls
            )
        else:
            server = smtplib.SMTP(host, of.smtp_port, timeout=of.timeout_s)
        try:
            if of.smtp_security == "starttls":
                server.starttls(context=self._tls)
            if of.smtp_user and of.smtp_password:
                server.login(of.smtp_user, of.smtp_password.get_secret_value())
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter, address: str) -> EmailMessage:
        sender = self._settings.mail_from or ""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, address, letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join(filter(None, (letter.text, letter.url))) + "\n")
        for each in letter.attachments:
            message.add_attachment(
                each.content, maintype="application", subtype="pdf", filename=each.name
            )
        return message

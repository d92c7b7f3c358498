"""By which channels riders are told, from the environment (``BUERGERBUS_MESSAGES_…``)."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Header = Annotated[SecretStr, Field(max_length=4_000)]


class MessageSettings(BaseSettings):
    """Which channels there are; without any, only what must be told is told, by a person who calls."""

    model_config = SettingsConfigDict(
        env_prefix="BUERGERBUS_MESSAGES_", extra="forbid", frozen=True
    )

    public_url: AnyHttpUrl | None = None
    """Under which residents find the server, for links in e-mails and on devices."""
    smtp_host: str | None = None
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str | None = Field(default=None, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    sms_url: AnyHttpUrl | None = None
    """Where an SMS gateway takes requests."""
    sms_headers: dict[str, Header] = Field(default_factory=dict)
    sms_body: str = '{"to": "{to}", "text": "{text}", "reference": "{id}"}'
    """What is sent to it; ``{to}``, ``{text}``, ``{id}`` are filled in, as JSON or for a form."""
    sms_folder: Path | None = None
    """Outbox folder of gammu-smsd, which sends by a modem."""
    push_contact: str | None = Field(
        default=None, pattern=r"^(mailto:[^@\s]+@[^@\s]+|https://\S+)$"
    )
    """Whom the makers of browsers ask about our pushes; switches them on."""
    timeout_s: float = Field(default=10.0, gt=0, le=60)

    @property
    def any(self) -> bool:
        """Whether there is a channel."""
        return any((self.smtp_host, self.sms_url, self.sms_folder, self.push_contact))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.smtp_host and not self.mail_from:
            raise ValueError("mail_from is needed with smtp_host")
        if self.smtp_user and self.smtp_security == "none":
            raise ValueError("smtp_security none would send the password in the clear")
        if self.sms_url and self.sms_folder:
            raise ValueError("give sms_url or sms_folder, not both")
        if self.sms_folder and not self.sms_folder.is_dir():
            raise ValueError("sms_folder is no folder")
        return self

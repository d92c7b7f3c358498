"""Each channel against something real that takes what it sends, and fails as the world does."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller

from api.messages.channels import Failed, Letter, Sent
from api.messages.gateway import Gateway
from api.messages.mail import Mail
from api.messages.modem import Modem
from api.messages.push import KEY_FILE, Push
from api.messages.push_services import is_push_service
from api.messages.settings import MessageSettings
from api.settings import Settings, SettingsError

LETTER = Letter("id1", "Bürgerbus: später", 'Grüße "9:05" {id}\\', "https://bus.example/buchung/x")
NUMBER = "+4915123456789"


class Inbox:
    """What the SMTP server took, or why not."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        if self.answer.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


def free_port() -> int:
    """Find a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    """Run an SMTP server."""
    box = Inbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), ready_timeout=20)
    controller.start()
    yield box, controller.port
    controller.stop()


def mail(port: int, **more: Any) -> Mail:
    """Return a channel to a port of this machine."""
    usual: dict[str, Any] = {"smtp_security": "none", "timeout_s": 2.0} | more
    return Mail(
        MessageSettings(smtp_host="127.0.0.1", smtp_port=port, mail_from="bus@example.org", **usual)
    )


def test_an_e_mail_arrives_as_written(inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    for _ in range(2):
        assert mail(port).send(LETTER, "hedwig@example.org") == Sent()
    first, again = box.taken
    assert first["Subject"] == LETTER.subject
    assert first["Message-ID"] == again["Message-ID"] == "<id1@example.org>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first.get_content().splitlines() == [LETTER.text, "", LETTER.url]


@pytest.mark.parametrize(("answer", "retry"), [("451 later", True), ("554 never", False)])
def test_a_mail_server_that_refuses_says_whether_to_try_again(
    inbox: tuple[Inbox, int], answer: str, *, retry: bool
) -> None:
    box, port = inbox
    box.answer = answer
    failed = mail(port).send(LETTER, "hedwig@example.org")
    assert failed == Failed(f"smtp-{answer[:3]}", retry=retry)


def test_a_mail_server_without_tls_gets_nothing(inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    failed = mail(port, smtp_security="starttls").send(LETTER, "hedwig@example.org")
    assert isinstance(failed, Failed)
    assert failed.down
    assert box.taken == []


def test_a_mail_server_that_is_not_there_is_down() -> None:
    failed = mail(9).send(LETTER, "hedwig@example.org")
    assert failed == Failed("mail-ConnectionRefusedError", down=True)


@pytest.fixture
def gateway() -> Iterator[Any]:
    """Run an SMS gateway; ``answers`` are the statuses it gives, ``seen`` what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.seen.append((dict(self.headers), body))  # type: ignore[attr-defined]
            time.sleep(server.slow_s)  # type: ignore[attr-defined]
            self.send_response(server.answers.pop(0) if server.answers else 202)  # type: ignore[attr-defined]
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Be quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.answers, server.slow_s = [], [], 0.0  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sms(server: Any, **more: Any) -> Gateway:
    """Return a channel to the gateway."""
    url: Any = f"http://127.0.0.1:{server.server_port}/sms"
    return Gateway(MessageSettings(sms_url=url, sms_headers={"X-Key": "geheim"}, **more))


def test_the_gateway_gets_what_its_manual_says(gateway: Any) -> None:
    assert sms(gateway).send(LETTER, NUMBER) == Sent()
    form = sms(gateway, sms_body="nr={to}&msg={text}&ref={id}")
    assert form.send(LETTER, NUMBER) == Sent()
    (headers, body), (_, second) = gateway.seen
    assert json.loads(body) == {"to": NUMBER, "text": LETTER.text, "reference": "id1"}
    assert headers["X-Key"] == "geheim"
    assert headers["Idempotency-Key"] == "id1"
    assert parse_qs(second.decode()) == {"nr": [NUMBER], "msg": [LETTER.text], "ref": ["id1"]}


@pytest.mark.parametrize(
    ("status", "retry", "down"),
    [(500, True, True), (429, True, True), (401, True, True), (400, False, False)],
)
def test_a_gateway_that_fails(gateway: Any, status: int, *, retry: bool, down: bool) -> None:
    gateway.answers = [status]
    failed = sms(gateway).send(LETTER, NUMBER)
    assert failed == Failed(f"gateway-{status}", retry=retry, down=down)


def test_a_gateway_that_is_slow_is_not_waited_for(gateway: Any) -> None:
    gateway.slow_s = 1.0
    failed = sms(gateway, timeout_s=0.2).send(LETTER, NUMBER)
    assert failed == Failed("gateway-ReadTimeout", down=True)


def test_the_modem_finds_a_file_it_can_read(tmp_path: Path) -> None:
    modem = Modem(tmp_path)
    for _ in range(2):
        assert modem.send(LETTER, NUMBER) == Sent()
    (file,) = tmp_path.iterdir()
    assert file.name.startswith("OUT")
    assert file.name.split("_")[3] == NUMBER  # where gammu looks for it
    assert file.read_bytes()[:2] == b"\xff\xfe"
    assert file.read_text(encoding="utf-16") == LETTER.text


def test_a_modem_without_folder_is_down(tmp_path: Path) -> None:
    failed = Modem(tmp_path / "gone").send(LETTER, NUMBER)
    assert failed == Failed("modem-FileNotFoundError", down=True)


def test_the_key_of_pushes_stays(tmp_path: Path) -> None:
    keys = {Push("mailto:bus@example.org", tmp_path, 1.0).public_key for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop()) == 87  # 65 bytes
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0


def test_a_subscription_that_makes_no_sense_is_gone(tmp_path: Path) -> None:
    push = Push("mailto:bus@example.org", tmp_path, 1.0)
    for address in ("{}", '{"endpoint": "https://127.0.0.1/x", "keys": {"auth": "a"}}'):
        assert push.send(LETTER, address) == Failed("push-subscription", retry=False, gone=True)


BROWSER = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""Of RFC 8291, Appendix A."""


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (201, Sent()),
        (410, Failed("push-410", retry=False, gone=True)),
        (503, Failed("push-503")),
    ],
)
def test_a_push_is_closed_signed_and_handed_over(
    gateway: Any, monkeypatch: Any, tmp_path: Path, status: int, result: Sent | Failed
) -> None:
    monkeypatch.setattr("api.messages.push.is_push_service", lambda _: True)
    gateway.answers = [status]
    push = Push("mailto:bus@example.org", tmp_path, 2.0)
    endpoint = f"http://127.0.0.1:{gateway.server_port}/push"
    assert push.send(LETTER, json.dumps({"endpoint": endpoint, "keys": BROWSER})) == result
    ((headers, body),) = gateway.seen
    lower = {name.lower(): value for name, value in headers.items()}
    assert lower["topic"] == "id1"
    assert push.public_key in lower["authorization"]
    assert LETTER.subject.encode() not in body


@pytest.mark.parametrize(
    ("endpoint", "fine"),
    [
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://web.push.apple.com/x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:22/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1", False),
    ],
)
def test_nobody_makes_us_call_other_machines(endpoint: str, *, fine: bool) -> None:
    assert is_push_service(endpoint) is fine


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("SMTP_HOST", "mail.example", "mail_from is needed"),
        ("SMS_FOLDER", "/nowhere", "sms_folder is no folder"),
        ("SMTP_PORT", "0", "BUERGERBUS_MESSAGES_SMTP_PORT"),
    ],
)
def test_settings_that_make_no_sense_are_named(
    monkeypatch: Any, variable: str, value: str, named: str
) -> None:
    monkeypatch.setenv(f"BUERGERBUS_MESSAGES_{variable}", value)
    with pytest.raises(SettingsError, match=named):
        Settings()


def test_secrets_are_not_shown(monkeypatch: Any) -> None:
    monkeypatch.setenv("BUERGERBUS_MESSAGES_SMTP_PASSWORD", "secret-one")
    monkeypatch.setenv("BUERGERBUS_MESSAGES_SMS_HEADERS", '{"X-Key": "secret-two"}')
    settings = Settings()
    assert settings.messages.smtp_password is not None
    assert "secret-" not in repr(settings)

"""A server with channels, whose outbox a test empties itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from api.messages.channels import Failed, Letter, Sent
from api.messages.sending import Outbox
from api.messages.settings import MessageSettings
from tests.api.conftest import MONDAY

MOBILE = "+4915123456789"
LANDLINE = "+4971234567"


@dataclass
class Recorder:
    """A channel that writes down what goes out, and fails when told to."""

    fails: list[Failed] = field(default_factory=list)
    letters: list[tuple[str, Letter]] = field(default_factory=list)

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Send, or fail."""
        if self.fails:
            return self.fails.pop(0)
        self.letters.append((address, letter))
        return Sent()


@dataclass
class Town:
    """A server, and what riders get from it."""

    server: Any
    sms: Recorder
    mail: Recorder
    outbox: Outbox

    def book(self, **more: Any) -> dict[str, Any]:
        """Book a ride at nine from the first house to the last."""
        at, day = more.pop("at", "09:00"), more.pop("day", MONDAY)
        offers = self.server.ask(
            self.server.place(0, 0), self.server.place(4, 4), depart_at=self.server.at(at, day)
        )["offers"]
        answer = self.server.take(offers[0], **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def messages(self, **wanted: Any) -> list[dict[str, Any]]:
        """Fetch messages as the control room does."""
        answer = self.server.client.get("/v1/messages", params=wanted)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["messages"])

    def states(self) -> list[tuple[str, str]]:
        """Kinds and states of all messages."""
        return [(each["kind"], each["state"]) for each in self.messages()]


@pytest.fixture
def town(start: Any, tmp_path: Path) -> Callable[..., Town]:
    """Start a server; ``channels`` names those it has."""

    def started(*channels: str, **more: Any) -> Town:
        (tmp_path / "spool").mkdir(exist_ok=True)
        settings = MessageSettings(sms_folder=tmp_path / "spool" if channels else None)
        server = start(messages=settings, **more)
        server.client.app.state.scheduler.started.remove_job("messages")
        sms, mail = Recorder(), Recorder()
        there = {"sms": sms, "mail": mail}
        outbox = Outbox(
            server.services.context, {name: there[name] for name in channels}, dice=lambda: 1.0
        )
        return Town(server, sms, mail, outbox)

    return started

"""What all channels have in common: a letter goes in, and whether it went out comes back."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a letter, where the channel can carry it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words. ``id`` stays the same when it is sent again, so that others can tell."""

    id: str
    subject: str
    text: str
    """At most a few sentences; fits an SMS where possible."""
    url: str | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """It is on its way."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It is not, and whether trying again makes sense. ``code`` holds nothing about a person.

    ``gone``: the address does not exist any more. ``down``: the channel as a whole does not work.
    """

    code: str
    retry: bool = True
    gone: bool = False
    down: bool = False


class Channel(Protocol):
    """Sends letters; blocks for seconds at most, and raises nothing."""

    def send(self, letter: Letter, address: str) -> Sent | Failed:
        """Send a letter to an address of its kind: e-mail, E.164 number, subscription as JSON."""
        ...

"""How a rider is reached: which channel, which address."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from api.messages.model import MUST, Kind
from api.store.tables import BookingRow, ContactRow, PushRow

_MOBILE = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)


class Way(StrEnum):
    """A channel by name."""

    SMS = "sms"
    MAIL = "mail"
    PUSH = "push"
    CALL = "call"


_NEWS = (Way.SMS, Way.PUSH, Way.CALL, Way.MAIL)
"""What must be told, must be heard in time: an e-mail may be read in the evening."""
_USUAL = (Way.MAIL, Way.PUSH, Way.SMS)


@dataclass(frozen=True, slots=True)
class Contact:
    """What is known of a rider's ways to hear."""

    phone: str | None = None
    email: str | None = None
    call: bool = False
    language: str = "de"
    browsers: tuple[str, ...] = ()
    """Subscriptions as JSON."""

    @classmethod
    def of(
        cls, booking: BookingRow, row: ContactRow | None, browsers: Sequence[PushRow]
    ) -> "Contact":
        """Put together what is stored."""
        subscriptions = tuple(subscription(each) for each in browsers)
        if row is None:
            return cls(booking.phone, browsers=subscriptions)
        return cls(booking.phone, row.email, row.call, row.language, subscriptions)

    def addresses(self, way: Way) -> tuple[str, ...]:
        """Return the addresses for a channel."""
        if way is Way.PUSH:
            return self.browsers
        if way is Way.MAIL:
            return (self.email,) if self.email else ()
        if self.phone is None or (way is Way.SMS and not is_mobile(self.phone)):
            return ()
        return (self.phone,)


def choose(
    contact: Contact, kind: Kind, channels: Collection[str]
) -> tuple[Way, tuple[str, ...]] | None:
    """Return how a message of a kind reaches somebody; None where it need not.

    Who asked to be called is called about what must be told. What must be told and reaches nobody is a
    call as well, even without a number: somebody has to find a way.
    """
    must = kind in MUST
    if must and contact.call:
        return Way.CALL, contact.addresses(Way.CALL)
    for way in _NEWS if must else _USUAL:
        addresses = contact.addresses(way)
        if addresses and (way in channels or way is Way.CALL):
            return way, addresses
    return (Way.CALL, ()) if must else None


def is_mobile(number: str) -> bool:
    """Whether an SMS can arrive at an E.164 number."""
    return phonenumbers.number_type(phonenumbers.parse(number, None)) in _MOBILE


def subscription(row: PushRow) -> str:
    """Write a browser's subscription as the push library wants it."""
    keys = {"p256dh": row.p256dh, "auth": row.auth}
    return json.dumps({"endpoint": row.endpoint, "keys": keys})

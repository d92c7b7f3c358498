"""The chain of seals as pure functions: what is hashed, and what a changed log looks like.

Each event has two digests. ``lasting`` is of the event as it is once persons are taken off it: blurring
twice is blurring once, so it stays the same when that happens. ``commitment`` is of the event to the letter,
under a salt that is erased with the person. A seal covers both digests of its events, and the seal before
it. See docs/decisions/0020-seals-beside-the-log.md.
"""

import hmac
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from api.store.blurring import BLURRED_EVENTS, blurred_payload
from api.store.tables import EventRow, SealedEventRow, SealRow

_FORM = "buergerbus seal 1"
"""Hashed first: another form of hashing is another text here."""
NOTHING = "0" * 64
"""Where a chain begins."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal of an area's chain; the usual one before there is any."""

    area_id: str
    sequence: int = 0
    last_event: int = 0
    sha256: str = NOTHING

    @classmethod
    def of(cls, area_id: str, row: SealRow | None) -> "Head":
        """Return what is stored, or where a chain begins."""
        if row is None:
            return cls(area_id)
        return cls(area_id, row.sequence, row.last_event, row.sha256)


def seal(
    head: Head, events: Sequence[EventRow], salts: Iterable[str], now: datetime
) -> tuple[SealRow, list[SealedEventRow]]:
    """Return the next seal and what it keeps of its events, at least one, by their ids."""
    sequence = head.sequence + 1
    kept = [
        SealedEventRow(
            event_id=_id(event),
            area_id=head.area_id,
            sequence=sequence,
            lasting=lasting(event),
            commitment=commitment(event, salt),
            salt=salt,
        )
        for event, salt in zip(events, salts, strict=True)
    ]
    row = SealRow(
        area_id=head.area_id,
        sequence=sequence,
        events=len(kept),
        last_event=kept[-1].event_id,
        sha256="",
        sealed_at=now,
    )
    row.sha256 = link(head.sha256, row, kept)
    return row, kept


def link(before: str, row: SealRow, kept: Iterable[SealedEventRow]) -> str:
    """Return the hash of a seal over the one before it and the digests of its events."""
    of_seal = (
        before,
        row.area_id,
        row.sequence,
        row.events,
        row.last_event,
        _instant(row.sealed_at),
    )
    of_events = [(each.event_id, each.lasting, each.commitment) for each in kept]
    return sha256(_text(_FORM, *of_seal, of_events)).hexdigest()


def lasting(event: EventRow) -> str:
    """Digest an event as it is without persons, whether they were taken off it already or not."""
    return sha256(_canonical(event, without_persons(event))).hexdigest()


def commitment(event: EventRow, salt: str) -> str:
    """Digest an event to the letter."""
    return hmac.digest(bytes.fromhex(salt), _canonical(event, event.payload), "sha256").hex()


def without_persons(event: EventRow) -> str:
    """Return the payload of an event without persons; that of most is the same."""
    if event.type not in BLURRED_EVENTS:
        return event.payload
    try:
        return blurred_payload(event.payload)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return event.payload  # nothing the program ever wrote


def faults(
    before: Head,
    row: SealRow,
    kept: Sequence[SealedEventRow],
    events: Mapping[int, EventRow],
    forgotten: Collection[date],
) -> Iterator[str]:
    """Yield in words what does not fit a seal: each event that is gone or another, else the seal itself.

    Parameters
    ----------
    before
        The seal before it as stored.
    kept
        What is kept of its events, by their ids.
    events
        The area's events by their ids as they are now, more or fewer.
    forgotten
        Days on which the log says that persons were forgotten.
    """
    name = f"seal {row.sequence}"
    if row.sequence != before.sequence + 1:
        yield f"between the seals {before.sequence} and {row.sequence} some are missing"
    elif link(before.sha256, row, kept) != row.sha256:
        yield f"{name} or what it keeps of its events was changed"
    for each in kept:
        event = events.get(each.event_id)
        if event is None:
            yield f"event {each.event_id} is missing, sealed by {name}"
        elif not _same(event, each):
            yield f"{told(event)} is not as it was when {name} was set"
        elif each.salt is None and event.service_date not in forgotten:
            yield f"{told(event)} lost what was personal, but nothing says that persons were forgotten"


def told(event: EventRow) -> str:
    """Name an event; it names nobody."""
    return f"event {event.id} of {event.service_date} (version {event.version}, {event.type})"


def _same(event: EventRow, each: SealedEventRow) -> bool:
    """Whether an event is what was sealed, or that without persons where the salt was erased."""
    if lasting(event) != each.lasting or event.area_id != each.area_id:
        return False
    if each.salt is None:
        return event.type in BLURRED_EVENTS and event.payload == without_persons(event)
    try:
        return hmac.compare_digest(commitment(event, each.salt), each.commitment)
    except ValueError:  # no salt of ours
        return False


def _canonical(event: EventRow, payload: str) -> bytes:
    return _text(
        event.id,
        event.area_id,
        event.service_date.isoformat(),
        event.version,
        event.type,
        payload,
        event.report_id,
        _instant(event.happened_at),
    )


def _text(*values: object) -> bytes:
    """Write values so that different ones never look the same."""
    return json.dumps(values, separators=(",", ":")).encode("ascii")


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _id(event: EventRow) -> int:
    assert event.id is not None  # noqa: S101  # given by the database on insertion
    return event.id

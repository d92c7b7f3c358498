"""Use case: what happened is sealed every few minutes, so that nobody can change it unnoticed afterwards."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from api.chain import Head, faults, seal, told
from api.context import Context
from api.store.database import Database
from api.store.reader import Reader
from api.store.tables import EventRow, SealedEventRow, SealRow
from api.store.writer import Writer

_log = structlog.get_logger()

EVENTS_AT_MOST = 100
"""In one seal: the writing thread is held for some milliseconds."""
SEALS_AT_MOST = 100
"""Of an area in one run; a long log of before is sealed in several."""
_SALT_BYTES = 32


def seal_all(context: Context) -> int:
    """Seal what happened since the last time; return how many events."""
    with context.database.reading() as reader:
        areas = tuple(reader.area_rows())
    return sum(seal_area(context.database, area_id, context.clock.now()) for area_id in areas)


def seal_area(database: Database, area_id: str, now: datetime) -> int:
    """Seal the events of an area that are in no seal yet; return how many."""
    count = 0
    for _ in range(SEALS_AT_MOST):
        with database.reading() as reader:
            head = Head.of(area_id, reader.newest_seal(area_id))
            events = reader.events_after(area_id, head.last_event, EVENTS_AT_MOST)
        if not events:
            break
        salts = [secrets.token_hex(_SALT_BYTES) for _ in events]
        fresh = _Fresh(head, events, *seal(head, events, salts, now))
        if not database.write(fresh.append):
            break
        count += len(events)
        row = fresh.row  # in the log of the machine it is kept apart from the database
        _log.info("events sealed", area=area_id, seal=row.sequence, sha256=row.sha256)
    return count


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A seal made of what was read; added only if all of that is still so."""

    head: Head
    events: Sequence[EventRow]
    row: SealRow
    kept: Sequence[SealedEventRow]

    def append(self, writer: Writer) -> bool:
        """Add the seal, unless somebody else did, or took persons off its events meanwhile."""
        area_id = self.head.area_id
        writer.lock_area(area_id)
        if Head.of(area_id, writer.newest_seal(area_id)) != self.head:
            return False
        read = {event.id: event.payload for event in self.events}
        first, last = self.kept[0].event_id, self.kept[-1].event_id
        if writer.payloads(area_id, first, last) != read:
            return False
        writer.add_seal(self.row, self.kept)
        return True


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """What is found in an area's chain: how much is sealed, and what does not fit."""

    area_id: str
    seals: int
    events: int
    unsealed: int
    """Newer than the last seal; no fault."""
    newest: str
    """``AREA:NUMBER:SHA-256`` of the last seal, to be kept elsewhere; empty without any."""
    faults: tuple[str, ...]


def check_chains(database: Database, kept: Sequence[str] = ()) -> list[ChainCheck]:
    """Compare the log with its seals, and these with some that were kept elsewhere.

    Parameters
    ----------
    kept
        ``AREA:NUMBER:SHA-256`` as it was shown once; the beginning of the hash will do.
    """
    with database.reading() as reader:
        areas = sorted(reader.area_rows())
        return [_check(reader, area_id, [*_of(kept, area_id)]) for area_id in areas]


def _check(reader: Reader, area_id: str, kept: list[tuple[int, str]]) -> ChainCheck:
    seals, forgotten = reader.seals(area_id), reader.forgotten_days(area_id)
    found: list[str] = []
    before, count = Head(area_id), 0
    for row in seals:
        sealed = reader.sealed_events(area_id, row.sequence)
        events = reader.events_by_id([each.event_id for each in sealed])
        found += faults(before, row, sealed, events, forgotten)
        before, count = Head.of(area_id, row), count + row.events
    for event in reader.unsealed_before(area_id, before.last_event):
        found.append(f"{told(event)} was put among those sealed before")
    if reader.strays(area_id, before.sequence):
        found.append(f"seals after {before.sequence} are missing")
    shown = {row.sequence: row.sha256 for row in seals}
    for sequence, sha256 in kept:
        if sequence not in shown:
            found.append(f"seal {sequence} was kept elsewhere and is not there")
        elif not shown[sequence].startswith(sha256):
            found.append(f"seal {sequence} is not the one that was kept elsewhere")
    return ChainCheck(
        area_id=area_id,
        seals=len(seals),
        events=count,
        unsealed=reader.count_unsealed(area_id, before.last_event),
        newest=f"{area_id}:{before.sequence}:{before.sha256}" if seals else "",
        faults=tuple(found),
    )


def _of(kept: Sequence[str], area_id: str) -> Iterator[tuple[int, str]]:
    for each in kept:
        area, sequence, sha256 = each.split(":")
        if area == area_id:
            yield int(sequence), sha256.lower()

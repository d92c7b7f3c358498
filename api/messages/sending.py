"""Sending what waits in the outbox: taken, sent, noted; at least once, and again only after a crash.

Each message is taken in one transaction, sent outside the writing thread, and noted in another. Should
the process die in between, the message is taken again when its time is over, under the same id.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from api.context import Context
from api.messages.address import Contact, choose
from api.messages.address import Way as Path
from api.messages.channels import Channel, Failed, Letter, Sent
from api.messages.gathering import Known, Verdict, Waiting, Way, gather
from api.messages.model import MUST, Kind, Rules, Times
from api.messages.texts import letter
from api.store.tables import BookingRow, MessageRow
from api.store.writer import Writer
from dispatch.model import RideStatus

_log = structlog.get_logger()

TAKEN = timedelta(minutes=2)
"""Longer than sending takes: what is not noted by then was lost with its process."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
TRIES = 8
TRIES_OF_MUST = 3
"""Then a person calls: the bus will not wait for a mail server."""
AT_ONCE = 50
_OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)
_STATES = ("waiting", "sending")


@dataclass(frozen=True, slots=True)
class Task:
    """A message taken: what to send, by which channel, where to."""

    id: str
    kind: Kind
    path: Path
    addresses: tuple[str, ...]
    letter: Callable[[], Letter]


class Outbox:
    """Sends; one process does, the one that holds the lease.

    Parameters
    ----------
    context
        Clock, database, areas, alarms.
    channels
        By their names, those there are.
    public_url
        Under which residents find the server.
    dice
        Spreads the pauses, so that not all come back at once.
    """

    def __init__(
        self,
        context: Context,
        channels: Mapping[str, Channel],
        public_url: str | None = None,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self.channels = channels
        self._context = context
        self._url = public_url.rstrip("/") if public_url else None
        self._dice = dice

    def run(self) -> int:
        """Tell what is due; return how many messages went out."""
        context, sent = self._context, 0
        with context.database.reading() as reader:
            due = reader.due(context.clock.now(), AT_ONCE)
        down: set[str] = set()
        for booking_id in due:
            task = self._take(booking_id, frozenset(down))
            if task is not None:
                sent += self._send(task, down)
        self._look_at_calls()
        return sent

    def _take(self, booking_id: str, down: frozenset[str]) -> Task | None:
        def work(writer: Writer) -> Task | None:
            now = self._context.clock.now()
            booking = writer.booking(booking_id)
            if booking is not None:
                writer.lock_area(booking.area_id)
            rows = writer.messages_of([booking_id])
            waiting = [row for row in rows if row.state in _STATES]
            if booking is None or not any(row.next_try <= now for row in waiting):
                return None
            if any(row.state == "sending" and row.next_try > now for row in waiting):
                return None  # somebody is at it
            known = known_of(writer, booking, rows, now)
            readable = [_waiting(row) for row in waiting]
            verdict = gather(readable, known, self.rules(booking.area_id), now)
            return self._carry_out(writer, booking, waiting, verdict, down)

        return self._context.database.write(work)

    def _carry_out(
        self,
        writer: Writer,
        booking: BookingRow,
        waiting: list[MessageRow],
        verdict: Verdict,
        down: frozenset[str],
    ) -> Task | None:
        chosen, now = verdict.chosen, self._context.clock.now()
        for row in waiting:
            row.state = "waiting" if chosen and row.id == chosen.id else "gathered"
        if chosen is None:
            return None
        row = next(row for row in waiting if row.id == chosen.id)
        row.payload = chosen.times.payload
        if verdict.way is Way.WAIT and verdict.until is not None:
            row.next_try = verdict.until
            return None
        contact = Contact.of(booking, writer.contact(booking.id), writer.browsers(booking.id))
        found = choose(contact, chosen.kind, self.channels.keys())
        if verdict.way is Way.CALL or (found and found[0] is Path.CALL):
            row.state, row.channel, row.next_try = "call", Path.CALL, now
            return None
        if found is None:
            row.state = "skipped"
            return None
        path, addresses = found
        if path in down:
            row.next_try = now + FIRST_PAUSE
            return None
        row.state, row.channel, row.attempts = "sending", path, row.attempts + 1
        row.next_try = now + TAKEN
        write = self._writing(row, booking, contact.language)
        return Task(row.id, chosen.kind, path, addresses, write)

    def _writing(self, row: MessageRow, booking: BookingRow, lang: str) -> Callable[[], Letter]:
        """Return what puts a message into words, outside the writing thread."""
        area = self._context.area(booking.area_id)
        of, times = (area, booking.origin_label, lang), Times.read(row.payload)
        url = f"{self._url}/buchung/{booking.id}" if self._url else None
        args = row.id, Kind(row.kind), times, of, booking.code, url
        return lambda: letter(*args)

    def _send(self, task: Task, down: set[str]) -> bool:
        written, channel = task.letter(), self.channels[task.path]
        results: list[Sent | Failed] = []
        for address in task.addresses:
            try:
                results.append(channel.send(written, address))
            except Exception as error:  # noqa: BLE001  # one that cannot be sent holds up nobody
                results.append(Failed(f"error-{type(error).__name__}"))
        failed = [each for each in results if isinstance(each, Failed)]
        gone = [a for a, r in zip(task.addresses, results, strict=True) if _is_gone(r)]
        if any(each.down for each in failed):
            down.add(task.path)
        went = len(failed) < len(results)
        worst = next((each for each in failed if each.retry), failed[0]) if failed else None
        self._context.database.write(
            lambda writer: self._note(writer, task, None if went else worst, gone)
        )
        if not went and worst is not None:
            _log.warning("message not sent", kind=task.kind, channel=task.path, code=worst.code)
        return went

    def _note(self, writer: Writer, task: Task, failed: Failed | None, gone: list[str]) -> None:
        row, now = writer.lock_message(task.id), self._context.clock.now()
        if task.path is Path.PUSH:
            for each in gone:
                writer.drop_browser(json.loads(each)["endpoint"])
        if row is None or row.state != "sending":
            return  # forgotten with its ride meanwhile
        if failed is None:
            row.state, row.sent_at, row.last_error = "sent", now, None
            return
        row.last_error = failed.code
        must = task.kind in MUST
        if failed.retry and row.attempts < (TRIES_OF_MUST if must else TRIES):
            row.state, row.next_try = "waiting", now + pause(row.attempts, self._dice())
        elif must:
            row.state, row.channel, row.next_try = "call", Path.CALL, now
        else:
            row.state = "dead"

    def _look_at_calls(self) -> None:
        """Take calls off the list that are no use any more; ring where messages were given up."""
        context, over = self._context, [s for s in RideStatus if s not in _OPEN]
        with context.database.reading() as reader:
            calls = {area.id: reader.count_messages(area.id, "call") for area in context.areas()}
            dead = {area.id: reader.count_messages(area.id, "dead") for area in context.areas()}
        now = context.clock.now()
        if any(calls.values()):
            context.database.write(lambda writer: writer.end_stale_calls(over, now))
        for area_id, count in dead.items():
            ring = context.alarms.ring if count else context.alarms.quiet
            ring("messages-dead", area_id)

    def rules(self, area_id: str) -> Rules:
        """Return how often riders of an area are told new times."""
        region = self._context.regions.get(area_id)
        if region is None:
            return Rules()
        of = region.areas[area_id].reminders
        return Rules(
            small=timedelta(minutes=of.small_change_min),
            quiet=timedelta(minutes=of.quiet_min),
            per_hour=of.per_hour,
        )


def pause(attempts: int, dice: float) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, spread by dice in [0, 1)."""
    longest: timedelta = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    return longest * (0.5 + 0.5 * dice)


def known_of(
    writer: Writer, booking: BookingRow, rows: tuple[MessageRow, ...], now: datetime
) -> Known:
    """Tell what a rider believes: the last message that went out, else what they heard when booking."""
    told = [row for row in rows if row.state in {"sent", "called"} and row.sent_at is not None]
    last = max(told, key=lambda row: (row.sent_at, row.sequence), default=None)
    first = writer.first_promise(booking.id)
    times = Times.read(last.payload) if last else Times.of(first or booking)
    ahead = max(booking.arrive_by, times.there) > now
    return Known(
        times=times,
        told_at=tuple(row.sent_at for row in told if row.state == "sent" and row.sent_at),
        open=RideStatus(booking.status) in _OPEN and ahead,
        unassigned=booking.status == RideStatus.UNASSIGNED,
    )


def _waiting(row: MessageRow) -> Waiting:
    return Waiting(row.id, Kind(row.kind), Times.read(row.payload))


def _is_gone(result: Sent | Failed) -> bool:
    return isinstance(result, Failed) and result.gone

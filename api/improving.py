"""Use case: better plans for the days ahead, found in the background and taken if they still fit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import structlog

from api import ledger
from api.children import Children, Task
from api.context import Change, Context
from api.day import Day
from api.effort import Effort
from api.errors import Problem
from api.store.writer import Writer
from dispatch.events import ImprovementDropped, ImprovementFound, ImprovementTaken, State
from dispatch.model import RideStatus, ShiftId, Tour, Visit

_log = structlog.get_logger()

_DAYS_AHEAD = 3
_START_S = 180.0
"""Time a process has for loading and compiling before it counts as hanging."""
_MARGIN_S = 30
"""From when on after the search the plan may change: what comes before is presumed to happen as planned."""
_OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)


@dataclass(frozen=True, slots=True)
class Improvement:
    """An improvement that was taken: when, of which day, and the kilometres it saves."""

    at: datetime
    area_id: str
    service_date: date
    saved_km: float


@dataclass(slots=True)
class Improver:
    """Improves the days near in time; what found nothing is not tried again until something changes."""

    context: Context
    effort: Effort
    children: Children = field(default_factory=Children)
    last: Improvement | None = None
    _tried: dict[tuple[str, date], int] = field(default_factory=dict)
    _seed: int = 0
    _wrong: list[str] = field(default_factory=list)
    """Why answers of the last search were refused, other than that the day has changed."""

    def run(self) -> None:
        """Improve every day near in time on which somebody still has to be fetched."""
        for area_id, service_date in sorted(self._near()):
            self.improve(area_id, service_date)

    def improve(self, area_id: str, service_date: date) -> bool:
        """Search for better tours of a day and take them; tell whether there were any.

        The search works on a picture of the day; bookings and reports go on meanwhile.
        """
        day, state = self._picture(area_id, service_date)
        waiting = any(booking.status in _OPEN for booking in state.bookings.values())
        if not waiting or self._tried.get((area_id, service_date)) == state.version:
            return False
        self._wrong = []
        found = self.children.run(list(self._tasks(day, state)))
        taken = any(self._take(day, event) for event in found)
        self._tell_failures()
        if not taken:
            self._tried[area_id, service_date] = state.version
        return taken

    def _tell_failures(self) -> None:
        """Let an alarm ring until a search ends as it should; plans stay as they are meanwhile."""
        alarms = self.context.alarms
        if self.children.failed or self._wrong:
            alarms.ring("improvement-failing", "improve")
        else:
            alarms.quiet("improvement-failing", "improve")

    def _near(self) -> Iterator[tuple[str, date]]:
        now = self.context.clock.now()
        today = {area.id: self.context.service_at(area, now).day for area in self.context.areas()}
        with self.context.database.reading() as reader:
            for area_id, day in reader.days_from(min(today.values(), default=now.date())):
                first = today.get(area_id)
                if first is not None and first <= day <= first + timedelta(days=_DAYS_AHEAD):
                    yield area_id, day

    def _picture(self, area_id: str, service_date: date) -> tuple[Day, State]:
        with (
            self.context.locked(area_id, service_date) as slot,
            self.context.database.reading() as reader,
        ):
            day = slot.present(reader)
            return day, day.state

    def _tasks(self, day: Day, state: State) -> Iterator[Task]:
        """Yield a task for each core, each with a seed of its own."""
        seconds = self.effort.seconds
        from_s = day.seconds(self.context.clock.now()) + round(seconds) + _MARGIN_S
        for _ in range(self.effort.cores):
            self._seed += 1
            yield Task(state, from_s, seconds, seconds + _START_S, self._seed)

    def _take(self, picture: Day, event: ImprovementFound) -> bool:
        """Take better tours if the day they are for is still the same; whatever they are, nothing breaks."""
        area_id, service_date = picture.area.id, picture.service.day
        now = self.context.clock.now()

        def work(writer: Writer, day: Day) -> Change[float | None]:
            if day is not picture:  # built anew: places have other numbers
                return _dropped(picture, "outdated")
            decision = ledger.Decision.of(day, event, now)
            if not any(isinstance(e, ImprovementTaken) for e in decision.effects):
                why = tuple(_reasons(decision))
                self._wrong += [each for each in why if each == "refused"]
                return _dropped(picture, *why)
            ledger.check(day, decision)
            ledger.write(writer, day, decision, _entry(event), now)
            saved_m = _metres(day.state, event) - _metres(decision.state, event)
            return Change(saved_m / 1000, decision)

        try:
            saved_km = self.context.change(area_id, service_date, work)
        except Problem as problem:  # the checker has written down what it found
            self._wrong.append(problem.code)
            return False
        except Exception as error:  # noqa: BLE001  # a wrong answer may fail anywhere
            self._wrong.append(type(error).__name__)
            _log.exception("improvement failed", area=area_id, day=service_date.isoformat())
            return False
        if saved_km is None:
            return False
        self.last = Improvement(now, area_id, service_date, saved_km)
        _log.info(
            "plan improved",
            area=area_id,
            day=service_date.isoformat(),
            tours=len(event.tours),
            saved_km=round(saved_km, 1),
        )
        return True


def _dropped(day: Day, *why: str) -> Change[float | None]:
    _log.info(
        "improvement dropped",
        area=day.area.id,
        day=day.service.day.isoformat(),
        why=", ".join(why) or "nothing changed",
    )
    return Change(None)


def _reasons(decision: ledger.Decision) -> Iterable[str]:
    return (effect.why for effect in decision.effects if isinstance(effect, ImprovementDropped))


def _entry(event: ImprovementFound) -> ledger.Entry:
    """Describe the new tours for the log: who boards and leaves where, in order."""
    return ledger.Entry(
        "improvement_found",
        {"tours": {key: [_halt(visit) for visit in t.visits] for key, t in event.tours.items()}},
    )


def _halt(visit: Visit) -> dict[str, Any]:
    return {"visit": visit.id, "board": list(visit.board), "alight": list(visit.alight)}


def _metres(state: State, event: ImprovementFound) -> int:
    """Add up the way of the tours an improvement is about, depot to depot."""
    return sum(_length(state, key, state.tours.get(key, Tour(key))) for key in event.tours)


def _length(state: State, key: ShiftId, tour: Tour) -> int:
    if not tour.visits:
        return 0
    shift = state.shifts[key]
    places = (shift.start_place, *(visit.place for visit in tour.visits), shift.end_place)
    return sum(int(state.travel.metres[a, b]) for a, b in pairwise(places))

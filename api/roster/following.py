"""The plan of a day follows its roster: what differs is put to the engine, event by event.

Rides of a shift that is gone go to others where their promises can be kept; whose cannot must be called.
Everything happens in the transaction that changes the roster, and the checker sees each plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api import ledger
from api.day import Day
from api.errors import Problem
from api.roster.duties import Duty, DutyState, area_of_day, duties_of, is_bookable
from api.schemas.answers import Spot
from api.store.details import shift_details
from api.store.mapping import tour_id
from api.store.writer import Writer
from dispatch.errors import IllegalEvent
from dispatch.events import (
    DriverChanged,
    Effect,
    Event,
    PromiseAtRisk,
    ShiftOpened,
    ShiftWithdrawn,
    State,
)
from dispatch.model import PlaceIndex, Shift, ShiftId, Tour
from regions.area import Area
from regions.patterns import AreaStop
from routing.errors import NoRoad

_CODES = {
    "shift-overlap": "shift-overlap",
    "day-closed": "day-closed",
    "place-unreachable": "no-road",
}
"""What the engine may say to what people want; everything else is our fault."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The last decision about a day, and which riders a person must call."""

    decision: ledger.Decision
    calls: tuple[PromiseAtRisk, ...]


def follow(
    writer: Writer,
    area: Area,
    day: Day,
    entry: ledger.Entry,
    now: datetime,
    first: Event | None = None,
) -> Followed:
    """Bring the plan of a day in line with its roster as the tables have it now, and log ``entry``.

    Parameters
    ----------
    writer
        Has stored the roster.
    area
        As its file says.
    day
        The present one; only its shifts' list changes, the decision is for the caller to accept.
    first
        What happened besides, before anything else is looked at.

    Raises
    ------
    Problem
        ``shift-overlap``, ``day-closed``, ``no-road``, ``plan-refused``.
    """
    duties = duties_of(area, day.service, writer.roster(area.id, day.service.day))
    # a shift that is gone may still be needed to describe what was stored of it
    steps = _Steps(writer, replace(day, area=area_of_day(area, duties)), entry, now)
    if first is not None:
        steps.happen(first)
    for event in _events(steps.draft, area, duties, now):
        steps.happen(event)
    last = steps.last or steps.note()
    day.area = steps.draft.area
    # riders are told of all that happened, not of the last step only
    return Followed(replace(last, effects=tuple(steps.effects)), tuple(steps.calls))


def needs_following(area: Area, day: Day, duties: Sequence[Duty]) -> bool:
    """Whether a plan is not as the roster says."""
    wanted = [duty for duty in duties if is_bookable(area, duty)]
    running = day.state.shifts
    return (
        any(_is_gone(area, day.state, duty) for duty in duties)
        or any(duty.pattern.id not in running for duty in wanted)
        or any(running[ShiftId(d.pattern.id)].driver != d.shift.driver for d in wanted)
    )


class _Steps:
    """Decisions about a draft of the day, each written down; the day itself stays as it is."""

    def __init__(self, writer: Writer, draft: Day, entry: ledger.Entry, now: datetime) -> None:
        self.draft = draft
        self.last: ledger.Decision | None = None
        self.calls: list[PromiseAtRisk] = []
        self.effects: list[Effect] = []
        self._writer, self._entry, self._now = writer, entry, now

    def happen(self, event: Event) -> None:
        """Let the engine decide, the checker see it, and write down what follows."""
        before = self.draft.state
        try:
            decision = ledger.Decision.of(self.draft, event, self._now)
        except IllegalEvent as error:
            raise Problem(_CODES.get(error.code, "internal")) from error
        if decision.state is before:
            return
        ledger.check(self.draft, decision)
        self._write(decision, {"event": type(event).__name__})
        self.effects += decision.effects
        self.calls += (each for each in decision.effects if isinstance(each, PromiseAtRisk))

    def note(self) -> ledger.Decision:
        """Log what the engine need not know, such as that a driver looks for a substitute."""
        state = replace(self.draft.state, version=self.draft.state.version + 1)
        nothing = DriverChanged(ShiftId(""), "")
        return self._write(ledger.Decision(state, (), nothing), {})

    def _write(self, decision: ledger.Decision, more: dict[str, str]) -> ledger.Decision:
        entry = replace(self._entry, payload=self._entry.payload | more)
        if self.last is not None:
            entry = replace(entry, report_id=None)
        before, after = self.draft.state, decision.state
        # a shift that opens is described by what it is, one that goes by what it was
        known = replace(before, shifts={**after.shifts, **before.shifts})
        ledger.write(self._writer, replace(self.draft, state=known), decision, entry, self._now)
        _store_shifts(self._writer, self.draft, before, after)
        ledger.accept(self.draft, decision)
        self.last = decision
        return decision


def _events(day: Day, area: Area, duties: Sequence[Duty], now: datetime) -> Iterator[Event]:
    """Yield what makes the plan follow: what opens comes before what goes, for riders to change to."""
    state = day.state
    gone = [ShiftId(d.pattern.id) for d in duties if _is_gone(area, state, d)]
    wanted = [duty for duty in duties if is_bookable(area, duty)]
    staffed = [
        (state.shifts[key].driver, key, duty.shift.driver)
        for duty in wanted
        if (key := ShiftId(duty.pattern.id)) in state.shifts
        and state.shifts[key].driver != duty.shift.driver
    ]
    if len(staffed) > 1:  # two may exchange their shifts
        yield from (DriverChanged(key, "") for old, key, _ in staffed if old)
    new = [_opened(day, area, d, now) for d in wanted if d.pattern.id not in state.shifts]
    free = [each for each in new if not _clashes(each.shift, state)]
    yield from free
    yield from (ShiftWithdrawn(key) for key in gone)
    yield from (each for each in new if each not in free)
    yield from (DriverChanged(key, name) for _, key, name in staffed)


def _is_gone(area: Area, state: State, duty: Duty) -> bool:
    """Whether a shift that runs must not any more. One that was driven has ended, and stays."""
    tour = state.tours.get(ShiftId(duty.pattern.id), Tour(ShiftId(duty.pattern.id)))
    if duty.pattern.id not in state.shifts or any(v.status != "planned" for v in tour.visits):
        return False
    if duty.state is DutyState.OPEN and not is_bookable(area, duty):
        return not any(visit.board for visit in tour.visits)
    return duty.state is DutyState.WITHDRAWN


def located(day: Day, now: datetime, *spots: Spot) -> tuple[PlaceIndex, ...]:
    """Return the places of what somebody gave by coordinates (``no-road``)."""
    try:
        return day.locate(now, *spots)
    except NoRoad as error:
        raise Problem("no-road") from error


def _opened(day: Day, area: Area, duty: Duty, now: datetime) -> ShiftOpened:
    """Return the event that opens a shift; its depots become places of the day."""
    pattern = duty.shift
    rests = [pause.at for pause in pattern.breaks if pause.at is not None]
    located(day, now, *(_spot(stop) for stop in (pattern.start, pattern.end, *rests)))
    vehicle = next(each for each in area.vehicles if each.id == pattern.vehicle)
    shift = pattern.shift(lambda stop: day.places.index(stop.lon, stop.lat))
    return ShiftOpened(shift, vehicle)


def _clashes(shift: Shift, state: State) -> bool:
    return any(
        other.start_s < shift.end_s
        and shift.start_s < other.end_s
        and (other.vehicle == shift.vehicle or (shift.driver and other.driver == shift.driver))
        for other in state.shifts.values()
    )


def _store_shifts(writer: Writer, day: Day, before: State, after: State) -> None:
    """Bring stored tours up to date with their shifts; a shift nobody drove leaves none."""
    for key, shift in before.shifts.items():
        new, name = after.shifts.get(key), tour_id(day.area.id, day.service.day, key)
        if new is None:
            writer.drop_tour(name)
        elif new is not shift:
            columns = {
                "driver": new.driver,
                "starts_at": day.service.instant(new.start_s),
                "ends_at": day.service.instant(new.end_s),
                "details": shift_details(new, day.places.position),
            }
            writer.put_tour_shift(name, columns)


def _spot(stop: AreaStop) -> Spot:
    return Spot(label=stop.name, lon=stop.lon, lat=stop.lat)

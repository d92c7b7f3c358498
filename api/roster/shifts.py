"""Use cases: look at the shifts of days, add one, and say who drives it."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from api import ledger
from api.context import Change, Context
from api.day import Day
from api.errors import Problem
from api.idempotency import Once, Reply
from api.paging import Asked, Page
from api.rights import Actor, Permission
from api.roster.duties import Duty, DutyState, Who, duties_of, is_bookable, times
from api.roster.following import follow
from api.roster.rules import check_driver, driver_of
from api.roster.telling import call_answers, shift_answer
from api.schemas.roster import ShiftChangedAnswer, ShiftOfDayAnswer, ShiftWish
from api.servicetime import ServiceDay
from api.showing import check_day, tour_key
from api.store.reader import Reader
from api.store.tables import ShiftRow
from api.store.writer import Writer
from api.versions import Seen
from dispatch.model import ShiftId, Tour
from regions.area import Area

LONGEST = timedelta(days=92)
"""So many days may be asked for at once."""
_MINUTE = 60

Alter = Callable[["Shift"], Duty]


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift about to be changed, with what there is to ask."""

    context: Context
    reader: Reader
    area: Area
    service: ServiceDay
    duty: Duty
    day: Day

    def driver(self, driver_id: str) -> Who:
        """Return a driver who may drive it; see :func:`api.roster.rules.check_driver`."""
        row = driver_of(self.reader, self.area, driver_id)
        return check_driver(self.context, self.reader, self.area, self.service, self.duty, row)

    def somebody(self, driver_id: str) -> Who:
        """Return a driver, whatever they may drive (``driver-unknown``)."""
        row = driver_of(self.reader, self.area, driver_id)
        return Who(row.name, row.id)

    def refuse_begun(self) -> None:
        """Refuse what drivers decide before a shift begins only (``shift-begun``)."""
        if self.context.clock.now() >= times(self.duty, self.service)[0]:
            raise Problem("shift-begun")


def shifts(
    context: Context,
    actor: Actor,
    area_id: str,
    span: tuple[date, date],
    state: str | None,
    asked: Asked,
) -> Page[ShiftOfDayAnswer]:
    """List the shifts of an area from one day to another.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``, ``cursor-invalid``.
    """
    actor.require(Permission.SEE_TOURS, area_id)
    area, (first, last) = context.area(area_id), span
    for day in span:
        check_day(day)
    if not timedelta() <= last - first <= LONGEST:
        raise Problem("date-out-of-range")
    after = context.cursors.after(asked)
    if after is not None:
        first = max(first, date.fromisoformat(after[0]))
    rows = [
        one
        for one in between(context, area, first, last)
        if (state is None or one.state == state) and (after is None or _key(one) > tuple(after))
    ]
    return context.cursors.page(asked, rows, _key)


def shift(context: Context, actor: Actor, shift_id: str) -> ShiftOfDayAnswer:
    """Show a shift of a date (``shift-unknown``)."""
    area, service, name = key_of(context, actor, shift_id)
    with context.database.reading() as reader:
        duty = duty_of(reader, area, service, name)
    return shift_answer(area, service, duty, context.clock.now())


def change(
    context: Context, actor: Actor, shift_id: str, seen: Seen, what: str, alter: Alter
) -> ShiftChangedAnswer:
    """Change a shift, let the plan follow, and say who must be called.

    Parameters
    ----------
    actor
        Who does it.
    seen
        The version they have seen.
    what
        What happens, for the log.
    alter
        Says what the shift is afterwards.

    Raises
    ------
    Problem
        ``shift-unknown``, ``changed-meanwhile``, what ``alter`` raises, and what
        :func:`api.roster.following.follow` raises.
    """
    area, service, name = key_of(context, actor, shift_id)

    def work(writer: Writer, day: Day) -> Change[ShiftChangedAnswer]:
        now = context.clock.now()
        duty = duty_of(writer, area, service, name)
        seen.check(duty.version)
        altered = alter(Shift(context, writer, area, service, duty, day))
        _refuse_leaving_riders(area, day, altered)
        put(writer, area, service, altered, now, actor.id)
        entry = ledger.Entry(f"shift_{what}", _payload(name, altered, actor.id))
        followed = follow(writer, area, day, entry, now)
        return Change(
            ShiftChangedAnswer(
                shift=shift_answer(area, service, duty_of(writer, area, service, name), now),
                calls=call_answers(writer, service, followed.calls),
            ),
            followed.decision,
        )

    return context.change(area.id, service.day, work)


def add(context: Context, actor: Actor, wish: ShiftWish, key: str) -> Reply[ShiftOfDayAnswer]:
    """Add a shift to a day by hand.

    Raises
    ------
    Problem
        ``area-unknown``, ``date-out-of-range``, ``shift-times``, ``shift-past``, ``vehicle-unknown``,
        ``vehicle-out``, ``shift-overlap``, ``no-road``, what a driver is refused for, and those of a key.
    """
    actor.require(Permission.PLAN_SHIFTS, wish.area_id)
    area = context.area(wish.area_id)
    check_day(wish.date)
    service, once = context.service(area, wish.date), Once.of("shifts", key, wish)
    start_s, end_s = (_seconds(clock) for clock in (wish.start, wish.end))
    if wish.vehicle_id not in {vehicle.id for vehicle in area.vehicles}:
        raise Problem("vehicle-unknown")
    if start_s >= end_s:
        raise Problem("shift-times")
    extra = {
        "vehicle": wish.vehicle_id,
        "start_s": start_s,
        "end_s": end_s,
        "start": wish.start_place.model_dump(),
        "end": (wish.end_place or wish.start_place).model_dump(),
    }

    def work(writer: Writer, day: Day) -> Change[Reply[ShiftOfDayAnswer]]:
        answered = once.answered(writer, ShiftOfDayAnswer)
        if answered is not None:
            return Change(answered)
        now = context.clock.now()
        if service.instant(end_s) <= now:
            raise Problem("shift-past")
        name = f"zusatz-{secrets.token_hex(4)}"
        row = _new_row(area, service, name, now, actor.id)
        row.extra = extra
        writer.put(row)
        duty = duty_of(writer, area, service, name)
        if duty.outage:
            raise Problem("vehicle-out")
        _refuse_overlap(writer, area, service, duty)
        if wish.driver_id is not None:
            may = Shift(context, writer, area, service, duty, day).driver(wish.driver_id)
            put(writer, area, service, duty.assigned(may), now, actor.id)
            duty = duty_of(writer, area, service, name)
        entry = ledger.Entry("shift_added", _payload(name, duty, actor.id))
        followed = follow(writer, area, day, entry, now)
        answer = shift_answer(area, service, duty, now)
        once.keep(writer, answer, now)
        return Change(Reply(answer), followed.decision)

    with context.underway(once):
        return context.change(area.id, wish.date, work)


def key_of(context: Context, actor: Actor, shift_id: str) -> tuple[Area, ServiceDay, str]:
    """Return area, day and name that a shift's id tells (``shift-unknown``)."""
    try:
        area_id, day, name = tour_key(shift_id)
        actor.require(Permission.SEE_TOURS, area_id)
        area = context.area(area_id)
    except Problem as problem:
        raise Problem("shift-unknown") from problem
    return area, context.service(area, day), name


def duty_of(reader: Reader, area: Area, service: ServiceDay, name: str) -> Duty:
    """Return one shift of a day (``shift-unknown``)."""
    for duty in duties_of(area, service, reader.roster(area.id, service.day)):
        if duty.pattern.id == name:
            return duty
    raise Problem("shift-unknown")


def put(
    writer: Writer, area: Area, service: ServiceDay, duty: Duty, now: datetime, by: str
) -> None:
    """Store what a shift is now; its version grows."""
    row = writer.shift(area.id, service.day, duty.pattern.id)
    if row is None:
        row = _new_row(area, service, duty.pattern.id, now, by)
    row.state = duty.state.value
    row.driver_id, row.driver_name = _columns(duty.driver)
    row.substitute_id, row.substitute_name = _columns(duty.substitute)
    row.offered, row.reason = duty.offered, duty.reason
    row.version, row.changed_at, row.changed_by = row.version + 1, now, by
    writer.put(row)


def _new_row(area: Area, service: ServiceDay, name: str, now: datetime, by: str) -> ShiftRow:
    return ShiftRow(
        area_id=area.id,
        service_date=service.day,
        shift_id=name,
        state=DutyState.OPEN.value,
        driver_id=None,
        driver_name=None,
        substitute_id=None,
        substitute_name=None,
        offered=False,
        reason=None,
        extra=None,
        version=0,
        created_at=now,
        created_by=by,
        changed_at=now,
        changed_by=by,
    )


def _columns(who: Who | None) -> tuple[str | None, str | None]:
    return (None, None) if who is None else (who.id, who.name)


def _payload(name: str, duty: Duty, by: str) -> dict[str, str | bool | None]:
    """Return what the log keeps: drivers by their ids."""
    drives = duty.drives
    return {
        "shift": name,
        "state": duty.state.value,
        "driver": drives.id if drives else None,
        "offered": duty.offered,
        "by": by,
    }


def _refuse_leaving_riders(area: Area, day: Day, duty: Duty) -> None:
    """Refuse to leave a shift with riders to nobody where only staffed shifts carry them."""
    tour = day.state.tours.get(ShiftId(duty.pattern.id), Tour(ShiftId(duty.pattern.id)))
    nobody = duty.state is DutyState.OPEN and not is_bookable(area, duty)
    if nobody and any(visit.board for visit in tour.visits):
        raise Problem("shift-has-riders")


def _refuse_overlap(reader: Reader, area: Area, service: ServiceDay, duty: Duty) -> None:
    """Refuse a vehicle in two shifts at once; a withdrawn one needs none."""
    shift = duty.pattern
    for other in duties_of(area, service, reader.roster(area.id, service.day)):
        one = other.pattern
        if one.id == shift.id or one.vehicle != shift.vehicle or other.state == "withdrawn":
            continue
        if one.start_s < shift.end_s and shift.start_s < one.end_s:
            raise Problem("shift-overlap")


def between(context: Context, area: Area, first: date, last: date) -> Iterator[ShiftOfDayAnswer]:
    """Yield the shifts of an area from one day to another, by date and beginning."""
    now = context.clock.now()
    with context.database.reading() as reader:
        rosters = reader.rosters(area.id, first, last)
    for day, roster in rosters.items():
        service = context.service(area, day)
        for duty in duties_of(area, service, roster):
            yield shift_answer(area, service, duty, now)


def _key(answer: ShiftOfDayAnswer) -> tuple[str, str, str]:
    return answer.date.isoformat(), answer.start.astimezone(UTC).isoformat(), answer.shift_id


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return (int(hours) * _MINUTE + int(minutes)) * _MINUTE


def reopened(shift: Shift) -> Duty:
    """Say that a withdrawn shift is driven after all.

    Raises
    ------
    Problem
        ``shift-not-withdrawn``, ``vehicle-out``, ``shift-begun``, ``shift-overlap``, or what its driver
        is refused for.
    """
    duty = shift.duty.reopened()
    shift.refuse_begun()
    _refuse_overlap(shift.reader, shift.area, shift.service, duty)
    if duty.drives is not None and duty.drives.id is not None:
        shift.driver(duty.drives.id)
    return duty


def given_back(shift: Shift, driver_id: str) -> Duty:
    """Let a driver give a shift back in time (``give-back-too-late`` beyond those of a duty)."""
    duty = shift.duty.given_back(shift.somebody(driver_id))
    start, _ = times(shift.duty, shift.service)
    if shift.context.clock.now() > start - shift.area.roster.give_back:
        raise Problem("give-back-too-late")
    return duty


def taken(shift: Shift, driver_id: str) -> Duty:
    """Let a driver take an open shift, or one another driver offers."""
    shift.refuse_begun()
    if shift.duty.driver is not None and shift.duty.driver.name == shift.somebody(driver_id).name:
        return shift.duty.taken(shift.duty.driver)
    return shift.duty.taken(shift.driver(driver_id))


def offered(shift: Shift, driver_id: str) -> Duty:
    """Let a driver look for a substitute."""
    shift.refuse_begun()
    return shift.duty.offered_by(shift.somebody(driver_id))


def assigned(shift: Shift, driver_id: str | None) -> Duty:
    """Give a shift to a driver, or to nobody yet, as the coordinator says."""
    return shift.duty.assigned(None if driver_id is None else shift.driver(driver_id))

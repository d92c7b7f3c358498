"""A day's shifts as they are to be driven: the week's plan, and what the tables say differs from it.

Pure: what people may do with a shift, and what it is afterwards. The engine hears of it in
:mod:`api.roster.following`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from api.errors import Problem
from api.servicetime import ServiceDay
from api.store.roster import DayRoster
from api.store.tables import OutageRow, ShiftRow
from regions.area import Area
from regions.patterns import AreaStop, ShiftPattern


class DutyState(StrEnum):
    """Where a shift stands."""

    OPEN = "open"
    STAFFED = "staffed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Who:
    """A driver; without an id it is a name of the week's plan that no driver is registered under."""

    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift on one date. ``pattern`` is as planned; ``substitute`` drives instead of ``driver``.

    ``offered``: the driver looks for somebody, and is on duty until one is found. ``outage``: the vehicle
    is out of service, so the shift is withdrawn whatever else is said of it.
    """

    pattern: ShiftPattern
    state: DutyState
    driver: Who | None = None
    substitute: Who | None = None
    offered: bool = False
    reason: str | None = None
    extra: bool = False
    outage: bool = False
    version: int = 0

    @property
    def drives(self) -> Who | None:
        """Who drives."""
        return self.substitute or self.driver

    @property
    def shift(self) -> ShiftPattern:
        """The shift with the name of whoever drives."""
        return replace(self.pattern, driver=self.drives.name if self.drives else "")

    def assigned(self, who: Who | None) -> "Duty":
        """Return it given to somebody by the coordinator, or to nobody (``shift-withdrawn``)."""
        self._refuse_withdrawn()
        state = DutyState.STAFFED if who else DutyState.OPEN
        return replace(self, state=state, driver=who, substitute=None, offered=False)

    def taken(self, who: Who) -> "Duty":
        """Return it taken by a driver (``shift-withdrawn``, ``shift-taken``).

        Whoever takes what another driver offers is their substitute; whoever offered it may keep it.
        """
        self._refuse_withdrawn()
        if self.state is DutyState.OPEN:
            return replace(self, state=DutyState.STAFFED, driver=who)
        if not self.offered:
            raise Problem("shift-taken")
        return replace(self, substitute=None if who == self.driver else who, offered=False)

    def given_back(self, who: Who) -> "Duty":
        """Return it given back (``shift-withdrawn``, ``shift-not-yours``).

        A substitute gives it back to whoever they drive for, who goes on looking.
        """
        self._refuse_others(who)
        if self.substitute is not None:
            return replace(self, substitute=None, offered=True)
        return replace(self, state=DutyState.OPEN, driver=None, offered=False)

    def offered_by(self, who: Who) -> "Duty":
        """Return it offered to other drivers (``shift-withdrawn``, ``shift-not-yours``)."""
        self._refuse_others(who)
        return replace(self, offered=True)

    def withdrawn(self, reason: str) -> "Duty":
        """Return it withdrawn: nobody drives it (``shift-withdrawn``)."""
        self._refuse_withdrawn()
        return replace(self, state=DutyState.WITHDRAWN, offered=False, reason=reason)

    def reopened(self) -> "Duty":
        """Return it as it was before it was withdrawn (``shift-not-withdrawn``, ``vehicle-out``)."""
        if self.outage:
            raise Problem("vehicle-out")
        if self.state is not DutyState.WITHDRAWN:
            raise Problem("shift-not-withdrawn")
        return replace(
            self, state=DutyState.STAFFED if self.driver else DutyState.OPEN, reason=None
        )

    def _refuse_withdrawn(self) -> None:
        if self.state is DutyState.WITHDRAWN:
            raise Problem("shift-withdrawn")

    def _refuse_others(self, who: Who) -> None:
        self._refuse_withdrawn()
        if self.drives is None or self.drives.name != who.name:
            raise Problem("shift-not-yours")


def duties_of(area: Area, service: ServiceDay, roster: DayRoster) -> tuple[Duty, ...]:
    """Return a day's shifts, by their beginning."""
    rows = {row.shift_id: row for row in roster.shifts}
    patterns = {pattern.id: pattern for pattern in area.shifts_on(service.day)}
    patterns |= {p.id: p for p in _extras(area, roster.shifts) if p.id not in patterns}
    found = (
        _with_outages(_duty(pattern, rows.get(pattern.id)), service, roster.outages)
        for pattern in patterns.values()
    )
    return tuple(sorted(found, key=lambda duty: (duty.pattern.start_s, duty.pattern.id)))


def is_bookable(area: Area, duty: Duty) -> bool:
    """Whether riders may be put on a shift."""
    return duty.state is DutyState.STAFFED or (
        duty.state is DutyState.OPEN and area.roster.open_bookable
    )


def area_of_day(area: Area, duties: Iterable[Duty]) -> Area:
    """Return an area whose file, as it were, lists just the shifts of one day."""
    return replace(area, shifts=tuple(duty.shift for duty in duties))


def times(duty: Duty, service: ServiceDay) -> tuple[datetime, datetime]:
    """Return the instants at which a shift begins and ends."""
    return service.instant(duty.pattern.start_s), service.instant(duty.pattern.end_s)


def _duty(pattern: ShiftPattern, row: ShiftRow | None) -> Duty:
    planned = Who(pattern.driver) if pattern.driver else None
    if row is None:
        state = DutyState.STAFFED if planned else DutyState.OPEN
        return Duty(pattern, state, planned)
    return Duty(
        pattern,
        DutyState(row.state),
        _who(row.driver_name, row.driver_id),
        _who(row.substitute_name, row.substitute_id),
        row.offered,
        row.reason,
        row.extra is not None,
        version=row.version,
    )


def _who(name: str | None, driver_id: str | None) -> Who | None:
    return None if name is None else Who(name, driver_id)


def _with_outages(duty: Duty, service: ServiceDay, outages: Iterable[OutageRow]) -> Duty:
    start, end = times(duty, service)
    for outage in outages:
        touches = outage.starts_at < end and (outage.ends_at is None or outage.ends_at > start)
        if outage.vehicle_id == duty.pattern.vehicle and touches:
            return replace(duty, state=DutyState.WITHDRAWN, reason=outage.reason, outage=True)
    return duty


def _extras(area: Area, rows: Iterable[ShiftRow]) -> Iterator[ShiftPattern]:
    """Yield the shifts added by hand; those with a vehicle the area file lists no longer are left out."""
    vehicles = {vehicle.id for vehicle in area.vehicles}
    for row in rows:
        if row.extra is None or row.extra["vehicle"] not in vehicles:
            continue
        ends = [AreaStop(end, **row.extra[end]) for end in ("start", "end")]
        yield ShiftPattern(
            id=row.shift_id,
            vehicle=row.extra["vehicle"],
            driver="",
            weekdays=frozenset({row.service_date.weekday()}),
            start_s=row.extra["start_s"],
            end_s=row.extra["end_s"],
            start=ends[0],
            end=ends[1],
        )

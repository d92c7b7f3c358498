"""Who may drive a shift: not two at once, rested, within the week's hours, with a licence that is valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.context import Context
from api.errors import Problem
from api.roster.duties import Duty, Who, duties_of, times
from api.servicetime import ServiceDay
from api.store.reader import Reader
from api.store.tables import DriverRow
from regions.area import Area

_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stint:
    """A time somebody drives; ``name`` tells which shift."""

    name: tuple[str, date, str]
    start: datetime
    end: datetime

    @property
    def day(self) -> date:
        """The service day."""
        return self.name[1]


def driver_of(reader: Reader, area: Area, driver_id: str) -> DriverRow:
    """Return a driver of an area's operator.

    Raises
    ------
    Problem
        ``driver-unknown``: there is none, or of another operator.
    """
    row = reader.driver(driver_id)
    if row is None or row.operator_id != reader.operator_of(area.id):
        raise Problem("driver-unknown")
    return row


def check_driver(
    context: Context, reader: Reader, area: Area, service: ServiceDay, duty: Duty, row: DriverRow
) -> Who:
    """Refuse a driver who may not drive a shift; return who it is.

    Raises
    ------
    Problem
        ``driver-inactive``, ``driver-vehicle``, ``driver-licence``, ``driver-busy``, ``driver-rest``,
        ``driver-hours``.
    """
    if not row.active:
        raise Problem("driver-inactive")
    if row.vehicles and duty.pattern.vehicle not in row.vehicles:
        raise Problem("driver-vehicle")
    if row.licence_until is not None and row.licence_until < service.day:
        raise Problem("driver-licence")
    wanted = Stint((area.id, service.day, duty.pattern.id), *times(duty, service))
    others = [
        stint
        for stint in stints(context, reader, row, service.day - _WEEK, service.day + _WEEK)
        if stint.name != wanted.name
    ]
    if any(one.start < wanted.end and wanted.start < one.end for one in others):
        raise Problem("driver-busy")
    rest = area.roster.rest
    if any(
        one.day != wanted.day and one.start < wanted.end + rest and wanted.start < one.end + rest
        for one in others
    ):
        raise Problem("driver-rest")
    most = timedelta(hours=area.roster.hours_a_week)
    if most and sum((s.end - s.start for s in _of_week(wanted, others)), timedelta()) > most:
        raise Problem("driver-hours")
    return Who(row.name, row.id)


def stints(
    context: Context, reader: Reader, row: DriverRow, first: date, last: date
) -> Iterator[Stint]:
    """Yield when somebody drives, in all areas of their operator."""
    for area_id in reader.areas_run_by(row.operator_id):
        if area_id not in context.regions:
            continue
        area = context.area(area_id)
        for day, roster in reader.rosters(area_id, first, last).items():
            service = context.service(area, day)
            for duty in duties_of(area, service, roster):
                if duty.state == "staffed" and duty.drives and duty.drives.name == row.name:
                    yield Stint((area_id, day, duty.pattern.id), *times(duty, service))


def _of_week(wanted: Stint, others: list[Stint]) -> Iterator[Stint]:
    yield wanted
    week = wanted.day.isocalendar()[:2]
    yield from (one for one in others if one.day.isocalendar()[:2] == week)

"""Shifts of a date, and riders to be called, as answers."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from api.roster.duties import Duty, DutyState, Who, times
from api.schemas.roster import CallAnswer, ShiftOfDayAnswer, WhoAnswer
from api.servicetime import ServiceDay
from api.store.mapping import tour_id
from api.store.reader import Reader
from dispatch.events import PromiseAtRisk
from regions.area import Area


def shift_answer(area: Area, service: ServiceDay, duty: Duty, now: datetime) -> ShiftOfDayAnswer:
    """Describe a shift of a date."""
    start, end = times(duty, service)
    vehicle = next((v.name for v in area.vehicles if v.id == duty.pattern.vehicle), None)
    return ShiftOfDayAnswer(
        id=tour_id(area.id, service.day, duty.pattern.id),
        area_id=area.id,
        date=service.day,
        shift_id=duty.pattern.id,
        state=duty.state.value,
        start=start.astimezone(area.time_zone),
        end=end.astimezone(area.time_zone),
        vehicle_id=duty.pattern.vehicle,
        vehicle=vehicle or duty.pattern.vehicle,
        driver=_who(duty.driver),
        substitute=_who(duty.substitute),
        offered=duty.offered,
        extra=duty.extra,
        reason=duty.reason if duty.state is DutyState.WITHDRAWN else None,
        warning="no-driver" if lacks_driver(area, duty, start, end, now) else None,
        version=duty.version,
    )


def lacks_driver(area: Area, duty: Duty, start: datetime, end: datetime, now: datetime) -> bool:
    """Whether nobody drives a shift though its day is near."""
    soon = start - timedelta(days=area.roster.warn_days) <= now < end
    return duty.state is DutyState.OPEN and soon


def call_answers(
    reader: Reader, service: ServiceDay, calls: Iterable[PromiseAtRisk]
) -> tuple[CallAnswer, ...]:
    """Describe who must be called, the soonest ride first; of several words about a ride the last."""
    answers = []
    for call in {call.booking: call for call in calls}.values():
        row = reader.booking(call.booking)
        assert row is not None  # noqa: S101  # every ride of a plan is stored
        answer = CallAnswer(
            booking_id=row.id,
            code=row.code,
            name=row.name,
            phone=row.phone,
            pickup_from=service.local(call.promise.pickup_from_s),
            pickup_until=service.local(call.promise.pickup_until_s),
            arrive_by=service.local(call.promise.arrive_by_s),
            expected_pickup=_local(service, call.expected_pickup_s),
            expected_arrival=_local(service, call.expected_arrival_s),
            reason=call.reason.value,
            other_rides=len(call.options),
        )
        answers.append(answer)
    return tuple(sorted(answers, key=lambda answer: (answer.pickup_from, answer.booking_id)))


def _local(service: ServiceDay, seconds: int | None) -> datetime | None:
    return None if seconds is None else service.local(seconds)


def _who(who: Who | None) -> WhoAnswer | None:
    return None if who is None else WhoAnswer(id=who.id, name=who.name)

"""From what was decided to who must be told: a pure function, run in the transaction of the decision."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from api.messages.model import NEWS, URGENT, Kind, Rules, Times
from api.servicetime import ServiceDay
from dispatch.events import (
    BookingCancelled,
    Effect,
    Event,
    PromiseAtRisk,
    PromiseGiven,
    RideBooked,
    RideChanged,
    State,
    TimesImproved,
)
from dispatch.model import BookingId, Promise, RideStatus

_AGREED = frozenset({Kind.BOOKED, Kind.CANCELLED})
"""What the rider knows already; said once more only where there is a channel to say it by."""


def outgoing(
    area_id: str,
    service: ServiceDay,
    decided: tuple[State, Iterable[Effect], Event],
    now: datetime,
    *,
    confirms: bool,
) -> list[dict[str, Any]]:
    """Return the rows of the outbox that follow from a decision; one for each booking and kind at most.

    Parameters
    ----------
    decided
        The state it led to, its effects, and what they follow from.
    confirms
        Whether riders are told what they know already: that they have booked or cancelled.
    """
    state, effects, event = decided
    rows: dict[tuple[str, Kind], dict[str, Any]] = {}
    for booking, kind, times in _told(state, effects, event, service):
        if kind in _AGREED and not confirms:
            continue
        rows[booking, kind] = row_of(area_id, service, (booking, kind, times), state.version, now)
    return list(rows.values())


def row_of(
    area_id: str,
    service: ServiceDay,
    told: tuple[str, Kind, Times],
    sequence: int,
    now: datetime,
    rules: Rules = Rules(),  # noqa: B008  # frozen
) -> dict[str, Any]:
    """Return one row of the outbox. What can happen to a ride again and again is named by its version."""
    booking, kind, times = told
    cause = f"{booking}:{kind}"
    if kind in NEWS or kind is Kind.UNASSIGNED:
        cause += f":{sequence}"
    waits = kind in NEWS and times.ready - now > URGENT
    return {
        "id": uuid5(NAMESPACE_URL, cause).hex,
        "area_id": area_id,
        "booking_id": booking,
        "service_date": service.day,
        "cause": cause,
        "kind": kind.value,
        "sequence": sequence,
        "payload": times.payload,
        "state": "waiting",
        "attempts": 0,
        "next_try": now + rules.settle if waits else now,
        "created_at": now,
    }


def _told(
    state: State, effects: Iterable[Effect], event: Event, service: ServiceDay
) -> Iterator[tuple[BookingId, Kind, Times]]:
    asked = event.booking if isinstance(event, BookingCancelled) else None
    for effect in effects:
        if isinstance(effect, RideBooked):
            yield effect.booking.id, Kind.BOOKED, _times(effect.booking.promise, service)
        elif isinstance(effect, PromiseGiven):
            yield effect.booking.id, Kind.CHANGED, _times(effect.booking.promise, service)
        elif isinstance(effect, RideChanged):
            if effect.booking.status is RideStatus.CANCELLED:
                kind = Kind.CANCELLED if effect.booking.id == asked else Kind.DROPPED
                yield effect.booking.id, kind, _times(effect.booking.promise, service)
        elif isinstance(effect, PromiseAtRisk):
            yield from _at_risk(effect, service)
        elif isinstance(effect, TimesImproved):
            promise = state.bookings[effect.booking].promise
            expected = effect.planned_pickup_s, effect.planned_arrival_s
            yield effect.booking, Kind.BETTER, _times(promise, service, *expected)


def _at_risk(effect: PromiseAtRisk, service: ServiceDay) -> Iterator[tuple[BookingId, Kind, Times]]:
    """Yield what a rider must hear; who is aboard hears it from the driver."""
    if effect.expected_arrival_s is None:
        yield effect.booking, Kind.UNASSIGNED, _times(effect.promise, service)
    elif effect.expected_pickup_s is not None:
        expected = effect.expected_pickup_s, effect.expected_arrival_s
        yield effect.booking, Kind.LATE, _times(effect.promise, service, *expected)


def _times(
    promise: Promise, service: ServiceDay, pickup_s: int | None = None, arrival_s: int | None = None
) -> Times:
    return Times(
        pickup_from=service.instant(promise.pickup_from_s),
        pickup_until=service.instant(promise.pickup_until_s),
        arrive_by=service.instant(promise.arrive_by_s),
        expected_pickup=None if pickup_s is None else service.instant(pickup_s),
        expected_arrival=None if arrival_s is None else service.instant(arrival_s),
    )

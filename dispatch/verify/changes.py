"""What a change took away or altered: bookings, promises, shifts, reports."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.events import (
    DriverChanged,
    Event,
    ImprovementFound,
    NoShowReported,
    RiderBoarded,
    ShiftOpened,
    ShiftShortened,
    ShiftWithdrawn,
    State,
    TravelChanged,
    VehicleBrokeDown,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import Shift, ShiftId, Tour, Visit, VisitStatus
from dispatch.verify.agreed import booking_losses
from dispatch.verify.findings import Violation

_REPORTS = (VisitArrived, VisitDeparted, RiderBoarded, NoShowReported, VehicleBrokeDown)
_PROGRESS = (VisitStatus.PLANNED, VisitStatus.ARRIVED, VisitStatus.DEPARTED)


def losses(before: State, after: State, event: Event | None) -> Iterator[Violation]:
    """Yield what a change should not have touched; ``event`` tells what it may have."""
    yield from _world(before, after, event)
    yield from booking_losses(before, after, event)
    for key, shift in before.shifts.items():
        if after.shifts.get(key) != shift and not _may_differ(before, after, shift, event):
            yield Violation("shift-altered", f"Shift {key} is another one now.", shift=key)
    for key, shift in after.shifts.items():
        opened = event is None or (isinstance(event, ShiftOpened) and event.shift == shift)
        if key not in before.shifts and not opened:
            yield Violation("shift-unexpected", f"Nobody opened shift {key}.", shift=key)
    yield from _reports(before, after, event)


def _world(before: State, after: State, event: Event | None) -> Iterator[Violation]:
    """Yield rules, roads and vehicles that changed by themselves, and days that opened again."""
    if before.policy != after.policy:
        yield Violation("policy-altered", "The rules changed during the day.")
    if event is None:
        return
    if before.travel is not after.travel and not isinstance(event, TravelChanged):
        yield Violation("travel-altered", "The roads changed by themselves.")
    if before.closed and not after.closed:
        yield Violation("day-reopened", "The day was over already.")
    for key, vehicle in before.vehicles.items():
        if after.vehicles.get(key) != vehicle:
            yield Violation("vehicle-altered", f"Vehicle {key} is another one now.")


def _may_differ(before: State, after: State, shift: Shift, event: Event | None) -> bool:
    """Whether an event explains what became of a shift.

    It is shorter, has fewer breaks, another driver, or is gone undriven.
    """
    new = after.shifts.get(shift.id)
    if isinstance(event, DriverChanged):
        return event.shift == shift.id and new == replace(shift, driver=event.driver)
    if isinstance(event, VehicleBrokeDown):
        broken = before.shifts.get(event.shift)
        meant = broken is not None and broken.vehicle == shift.vehicle
    else:
        meant = isinstance(event, ShiftShortened | ShiftWithdrawn) and event.shift == shift.id
    if not meant:
        return False
    if new is None:
        return not isinstance(event, ShiftShortened) and not _is_driven(before, shift.id)
    same = (shift.id, shift.vehicle, shift.driver, shift.driving_at_most_s)
    places = (shift.start_place, shift.end_place)
    return (
        (new.id, new.vehicle, new.driver, new.driving_at_most_s) == same
        and (new.start_place, new.end_place) == places
        and len(new.breaks) <= len(shift.breaks)
    )


def _is_driven(state: State, key: ShiftId) -> bool:
    visits = state.tours.get(key, Tour(key)).visits
    return any(visit.status is not VisitStatus.PLANNED for visit in visits)


def _reports(before: State, after: State, event: Event | None) -> Iterator[Violation]:
    """Yield reported visits that are gone, went back, or are not as they were reported."""
    for key, tour in before.tours.items():
        if after.tours.get(key) is tour:
            continue
        new = {visit.id: visit for visit in after.tours.get(key, Tour(key)).visits}
        reported = [visit for visit in tour.visits if visit.status is not VisitStatus.PLANNED]
        for old in reported:
            seen = new.get(old.id)
            if seen is None or _PROGRESS.index(seen.status) < _PROGRESS.index(old.status):
                yield _of_visit(key, old, "report-lost", "is not as far as was reported")
            elif _is_altered(old, seen, event):
                yield _of_visit(key, old, "past-altered", "is not what was reported any more")
        if isinstance(event, ImprovementFound) and not _begins_alike(
            tour, after.tours.get(key, Tour(key))
        ):
            yield Violation(
                "frozen-changed", f"Tour {key} was improved where it is driven already.", shift=key
            )


def _is_altered(old: Visit, seen: Visit, event: Event | None) -> bool:
    """Whether a reported visit changed in what only another report can change.

    Who did not come need not be brought anywhere; who was aboard after all leaves where they left.
    """
    if event is None or isinstance(event, _REPORTS):
        grown = not set(seen.board) <= set(old.board)
        return seen.place != old.place or (grown and old.status is VisitStatus.DEPARTED)
    if old.status is VisitStatus.DEPARTED:
        return seen != old
    fewer = set(seen.board) <= set(old.board) and set(seen.alight) <= set(old.alight)
    return (seen.place, seen.arrive_s) != (old.place, old.arrive_s) or not fewer


def _begins_alike(old: Tour, new: Tour) -> bool:
    """Whether two tours are the same up to the last reported visit."""
    facts = [k for k, v in enumerate(old.visits) if v.status is not VisitStatus.PLANNED]
    driven = max(facts, default=-1) + 1
    return old.visits[:driven] == new.visits[:driven]


def _of_visit(shift: ShiftId, visit: Visit, code: str, what: str) -> Violation:
    return Violation(code, f"Visit {visit.id} {what}.", shift=shift, visit=visit.id)

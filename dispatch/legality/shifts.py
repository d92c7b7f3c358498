"""Shifts nobody could drive."""

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.legality.places import check_place, check_way
from dispatch.legality.requests import check_features
from dispatch.model import LOAD_KINDS, PlaceIndex, Shift, Vehicle


def check_shift(state: State, shift: Shift, vehicle: Vehicle) -> None:
    """Refuse a shift nobody could drive.

    Raises
    ------
    IllegalEvent
        ``shift-exists``, ``shift-times``, ``shift-vehicle``, ``shift-overlap``, ``driving-limit-wrong``,
        ``place-unknown``, ``place-unreachable``, ``vehicle-altered``, ``vehicle-limits``,
        ``vehicle-range``, ``feature-unknown``, ``break-times``, ``break-outside``, ``break-overlap``,
        ``break-charges``.
    """
    if shift.id in state.shifts:
        raise IllegalEvent(
            "shift-exists", f"There is another shift {shift.id} on this day already."
        )
    if shift.start_s >= shift.end_s:
        raise IllegalEvent(
            "shift-times", f"Shift {shift.id} must end after it starts ({shift.start_s} s)."
        )
    if shift.driving_at_most_s is not None and shift.driving_at_most_s <= 0:
        raise IllegalEvent(
            "driving-limit-wrong",
            f"Shift {shift.id} allows {shift.driving_at_most_s} s of driving; give more than 0, or none.",
        )
    if shift.vehicle != vehicle.id:
        raise IllegalEvent(
            "shift-vehicle", f"Shift {shift.id} is for vehicle {shift.vehicle}, not {vehicle.id}."
        )
    _check_vehicle(state, vehicle)
    check_overlap(state, shift)
    places = [shift.start_place, shift.end_place]
    places += [pause.place for pause in shift.breaks if pause.place is not None]
    for place in places:
        check_place(state.travel, place, f"shift {shift.id}")
        check_way(state.travel, shift.start_place, place, f"shift {shift.id}")
        check_way(state.travel, place, shift.end_place, f"shift {shift.id}")
    _check_breaks(state, shift, vehicle)


def _check_vehicle(state: State, vehicle: Vehicle) -> None:
    if any(
        len(limit.coefficients) != len(LOAD_KINDS)
        or min(limit.coefficients) < 0
        or limit.at_most < 0
        for limit in vehicle.limits
    ):
        raise IllegalEvent(
            "vehicle-limits",
            f"Each limit of vehicle {vehicle.id} needs a coefficient for each of {', '.join(LOAD_KINDS)}, "
            "none of them negative, and room for 0 or more.",
        )
    if vehicle.range_m is not None and vehicle.range_m <= 0:
        raise IllegalEvent(
            "vehicle-range",
            f"Vehicle {vehicle.id} drives {vehicle.range_m} m on one charge; give more than 0, or none.",
        )
    check_features(vehicle.features, f"vehicle {vehicle.id}")
    known = state.vehicles.get(vehicle.id)
    used = any(shift.vehicle == vehicle.id for shift in state.shifts.values())
    if known is not None and known != vehicle and used:
        raise IllegalEvent(
            "vehicle-altered",
            f"Vehicle {vehicle.id} is in another shift today and was described differently there; withdraw "
            "that shift first, or give this vehicle another id.",
        )


def check_overlap(state: State, shift: Shift) -> None:
    """Refuse a shift whose vehicle or driver is in another one at the same time.

    Raises
    ------
    IllegalEvent
        ``shift-overlap``.
    """
    for other in state.shifts.values():
        if other.id == shift.id:
            continue
        if other.start_s >= shift.end_s or shift.start_s >= other.end_s:
            continue
        if other.vehicle == shift.vehicle:
            raise IllegalEvent(
                "shift-overlap",
                f"Vehicle {shift.vehicle} is already in shift {other.id} during shift {shift.id}; change the "
                "times or the vehicle.",
            )
        if shift.driver and other.driver == shift.driver:
            raise IllegalEvent(
                "shift-overlap",
                f"{shift.driver} already drives shift {other.id} during shift {shift.id}; change the times "
                "or the driver.",
            )


def _check_breaks(state: State, shift: Shift, vehicle: Vehicle) -> None:
    """Refuse breaks that cannot be taken one after the other, even by a bus that carries nobody."""
    free_s, place = shift.start_s, shift.start_place
    for number, pause in enumerate(shift.breaks, start=1):
        which = f"break {number} of shift {shift.id}"
        if pause.seconds <= 0 or pause.until_s - pause.from_s < pause.seconds:
            raise IllegalEvent(
                "break-times",
                f"There is no time for {which}: {pause.seconds} s between {pause.from_s} and "
                f"{pause.until_s} s; make it shorter or its window longer.",
            )
        there = place if pause.place is None else pause.place
        check_way(state.travel, place, there, which)
        home_s = _driving_s(state, there, shift.end_place)
        first_s = max(pause.from_s, shift.start_s + _driving_s(state, shift.start_place, there))
        if min(pause.until_s, shift.end_s - home_s) - first_s < pause.seconds:
            raise IllegalEvent(
                "break-outside",
                f"The {which} cannot be taken between {shift.start_s} and {shift.end_s} s, the times of the "
                "shift; move the break or lengthen the shift.",
            )
        free_s = max(pause.from_s, free_s + _driving_s(state, place, there)) + pause.seconds
        if free_s > pause.until_s or free_s + home_s > shift.end_s:
            raise IllegalEvent(
                "break-overlap",
                f"There is no time for {which} after the breaks before it; move it, or put the breaks in "
                "the order of their times.",
            )
        if pause.charges and vehicle.range_m is None:
            raise IllegalEvent(
                "break-charges",
                f"The {which} charges vehicle {vehicle.id}, which has no range; say how far it drives, or "
                "that the break does not charge.",
            )
        place = there


def _driving_s(state: State, origin: PlaceIndex, destination: PlaceIndex) -> int:
    return state.policy.driving_s(int(state.travel.seconds[origin, destination]))

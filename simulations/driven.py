"""What was really driven on a day that is over: the rides, and the legs of the tours."""

from dataclasses import dataclass
from itertools import pairwise

from dispatch.events import State
from dispatch.model import BookingId, PlaceIndex, Promise, RideStatus, ShiftId


@dataclass(frozen=True, slots=True)
class Ride:
    """A served ride: doors open at the pickup, departure there, doors open at the destination."""

    pickup_s: int
    left_s: int
    arrival_s: int

    @property
    def aboard_s(self) -> int:
        """Time aboard as a promise counts it."""
        return self.arrival_s - self.left_s

    def kept(self, promise: Promise) -> tuple[bool, bool, bool]:
        """Whether window, arrival and time aboard were as promised."""
        return (
            promise.pickup_from_s <= self.pickup_s <= promise.pickup_until_s,
            self.arrival_s <= promise.arrive_by_s,
            self.aboard_s <= promise.ride_at_most_s,
        )


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a tour between two places, with the rides aboard.

    The bus left at ``left_s`` and opened its doors at ``reached_s``, after driving ``driving_s`` as
    planned and perhaps waiting.
    """

    shift: ShiftId
    origin: PlaceIndex
    destination: PlaceIndex
    left_s: int
    reached_s: int
    driving_s: int
    metres: int
    aboard: tuple[BookingId, ...]


def rides_of(state: State) -> dict[BookingId, Ride]:
    """Return the rides that are done, by booking."""
    visits = [visit for tour in state.tours.values() for visit in tour.visits]
    visits.sort(key=lambda visit: visit.arrive_s)  # after a breakdown somebody rides on two tours
    boards = {key: visit for visit in reversed(visits) for key in visit.board}
    alights = {key: visit for visit in visits for key in visit.alight}
    return {
        key: Ride(boards[key].arrive_s, boards[key].depart_s, alights[key].arrive_s)
        for key, booking in sorted(state.bookings.items())
        if booking.status is RideStatus.DONE
    }


def legs_of(state: State) -> list[Leg]:
    """Return what was driven, depot to depot, by shift and in the order of driving.

    A bus that carries nobody stays in its depot, breaks or not.
    """
    return [leg for key in sorted(state.tours) for leg in _legs(state, key)]


def _legs(state: State, key: ShiftId) -> list[Leg]:
    visits, shift = state.tours[key].visits, state.shifts[key]
    if not any(visit.board for visit in visits):
        return []
    places = [shift.start_place, *(visit.place for visit in visits), shift.end_place]
    legs: list[Leg] = []
    aboard: list[BookingId] = []
    for k, (origin, destination) in enumerate(pairwise(places)):
        driving_s = state.policy.driving_s(int(state.travel.seconds[origin, destination]))
        left_s = visits[k - 1].depart_s if k else visits[0].arrive_s - driving_s
        legs.append(
            Leg(
                shift=key,
                origin=origin,
                destination=destination,
                left_s=left_s,
                reached_s=visits[k].arrive_s if k < len(visits) else left_s + driving_s,
                driving_s=driving_s,
                metres=int(state.travel.metres[origin, destination]),
                aboard=tuple(aboard),
            )
        )
        if k < len(visits):
            aboard = [rider for rider in aboard if rider not in visits[k].alight]
            aboard += [rider for rider in visits[k].board if _rode(state, rider)]
    return legs


def _rode(state: State, booking: BookingId) -> bool:
    return state.bookings[booking].status in (RideStatus.DONE, RideStatus.ABOARD)

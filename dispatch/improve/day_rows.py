"""What open tours consist of, for the search: nodes and requests, with the limits the plan still keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

from dispatch.events import State
from dispatch.improve.day_parts import OpenTour
from dispatch.model import UNREACHABLE, Booking, BookingId, PlaceIndex, Visit


@dataclass(frozen=True, slots=True)
class Node:
    """One thing a bus does: somebody boards or leaves, or the driver pauses.

    ``place`` is None for a pause wherever the bus is; ``pause`` is the visit of the plan for a pause, else
    ``booking`` says who boards or leaves.
    """

    place: PlaceIndex | None
    lo: int
    hi: int
    service: int
    booking: BookingId | None = None
    boards: bool = False
    pause: Visit | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A request: its nodes (``pickup`` -1: none), its longest ride, and the vehicle it is bound to, if any.

    ``booking`` is None for a pause; ``must`` is false for who may be left out.
    """

    pickup: int
    drop: int
    ride: int = 0
    booking: Booking | None = None
    vehicle: int | None = None
    must: bool = True


class Rows:
    """Collects nodes and requests tour by tour, and the plan there is as lists of nodes.

    A halt with several riders becomes several nodes, one after the other, of which the later ones begin
    while their rider is long there; no limit is set tighter than the plan needs.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.nodes: list[Node] = []
        self.rows: list[Row] = []
        self.plan: list[tuple[int, ...]] = []

    def add_tour(self, number: int, tour: OpenTour) -> None:
        """Append the open visits of a tour, of vehicle ``number``."""
        first = len(self.nodes)
        boarded: dict[BookingId, tuple[int, int]] = {}
        for visit in tour.visits:
            if visit.pause is not None:
                self._add_pause(number, visit)
            for key, boards, begin_s, end_s in self._events(visit):
                booking, node = self._state.bookings[key], len(self.nodes)
                if boards:
                    boarded[key] = node, end_s
                    self._add_pickup(booking, begin_s)
                    continue
                pickup, left_s = boarded.get(key, (-1, tour.aboard.get(key, 0)))
                ride_s = max(booking.promise.ride_at_most_s, begin_s - left_s)
                until_s = booking.promise.arrive_by_s
                if pickup < 0:
                    until_s = min(until_s, left_s + booking.promise.ride_at_most_s)
                self._add_drop(booking, max(until_s, begin_s))
                bound = number if pickup < 0 else None
                self.rows.append(Row(pickup, node, ride_s, booking, bound))
        self.plan.append(tuple(range(first, len(self.nodes))))

    def add_unassigned(self, booking: Booking) -> None:
        """Append a ride no bus carries."""
        pickup = len(self.nodes)
        self._add_pickup(booking, booking.promise.pickup_until_s)
        self._add_drop(booking, booking.promise.arrive_by_s)
        ride_s = booking.promise.ride_at_most_s
        self.rows.append(Row(pickup, pickup + 1, ride_s, booking, must=False))

    def _events(self, visit: Visit) -> Iterator[tuple[BookingId, bool, int, int]]:
        """Yield who leaves and who boards, with begin and end, one after the other."""
        policy, bookings = self._state.policy, self._state.bookings
        begin_s, end_s = visit.arrive_s, visit.arrive_s + policy.stop_s
        for key in visit.alight:
            end_s += policy.alighting_time_s(bookings[key].request.load)
            yield key, False, begin_s, end_s
            begin_s = end_s
        for key in visit.board:
            end_s += policy.boarding_time_s(bookings[key].request.load)
            yield key, True, begin_s, end_s
            begin_s = end_s

    def _add_pickup(self, booking: Booking, least_s: int) -> None:
        promise = booking.promise
        service_s = self._state.policy.boarding_time_s(booking.request.load)
        lo, hi = promise.pickup_from_s, max(promise.pickup_until_s, least_s)
        self.nodes.append(Node(booking.pickup_place, lo, hi, service_s, booking.id, boards=True))

    def _add_drop(self, booking: Booking, until_s: int) -> None:
        service_s = self._state.policy.alighting_time_s(booking.request.load)
        self.nodes.append(Node(booking.request.destination, 0, until_s, service_s, booking.id))

    def _add_pause(self, number: int, visit: Visit) -> None:
        pause = visit.pause
        assert pause is not None  # noqa: S101  # the caller has seen it
        until_s = max(pause.until_s - pause.seconds, visit.arrive_s)
        node = Node(pause.place, pause.from_s, until_s, pause.seconds, pause=visit)
        self.rows.append(Row(-1, len(self.nodes), vehicle=number))
        self.nodes.append(node)

    def direct_s(self, booking: Booking) -> int:
        """Return the planned driving of a ride without detours."""
        table_s = int(self._state.travel.seconds[booking.pickup_place, booking.request.destination])
        return UNREACHABLE if table_s >= UNREACHABLE else self._state.policy.driving_s(table_s)

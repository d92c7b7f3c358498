"""The open part of a day: what may still be changed, tour by tour."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import Booking, BookingId, PlaceIndex, RideStatus, Shift, Visit
from dispatch.schedule.arrays import FAR
from dispatch.schedule.rows import bus
from dispatch.schedule.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class OpenTour:
    """A tour, its first ``settled`` visits as they are: reported, presumed, frozen, or driven to already.

    After them the bus is at ``place``, free at ``free_s``, having driven ``driven_s`` seconds, and
    ``driven_m`` metres on this charge; ``ahead_s`` and ``ahead_m`` are the same from there to the depot as
    planned, where it is at ``home_s``. ``aboard`` tells who is to be brought on, and since when.
    """

    shift: Shift
    past: tuple[Visit, ...]
    visits: tuple[Visit, ...]
    place: PlaceIndex
    free_s: int
    home_s: int
    aboard: dict[BookingId, int]
    driven_s: int
    driven_m: int
    ahead_s: int
    ahead_m: int

    @property
    def settled(self) -> int:
        """How many visits stay."""
        return len(self.past)


def open_tours(state: State, now_s: int) -> Iterator[OpenTour]:
    """Yield what is open of each tour at ``now_s``, by shift id; shifts that are over are left out."""
    snapshot = Snapshot.at(state, now_s)
    for number in range(len(snapshot.shifts)):
        tour = _open_tour(snapshot, number)
        if tour.visits or tour.home_s < tour.shift.end_s:
            yield tour


def _open_tour(snapshot: Snapshot, number: int) -> OpenTour:
    state, shift, visits = snapshot.state, snapshot.shifts[number], snapshot.tour(number).visits
    settled, row = snapshot.settled[number], snapshot.opened.buses[number]
    place, free_s = PlaceIndex(int(row[bus.PLACE])), int(row[bus.FREE_NEW_S])
    on_its_way = row[bus.KEEPS_S] > -FAR or shift.id in state.delays
    if settled < len(visits) and on_its_way:
        ahead = visits[settled]
        settled, place, free_s = settled + 1, ahead.place, max(ahead.depart_s, snapshot.now_s)
    past, open_ = visits[:settled], visits[settled:]
    left_at = {key: visit.depart_s for visit in past for key in visit.board}
    boarding = {key for visit in open_ for key in visit.board}
    leaving = [key for visit in open_ for key in visit.alight if key not in boarding]
    driven_s, driven_m = _driven(state, shift.start_place, past)
    ahead_s, ahead_m = _driven(state, place, open_, shift.end_place, charging=False)
    last_s = open_[-1].depart_s if open_ else free_s
    here = open_[-1].place if open_ else place
    home_s = last_s + state.policy.driving_s(int(state.travel.seconds[here, shift.end_place]))
    return OpenTour(
        shift, past, open_, place, free_s, home_s, {key: left_at.get(key, 0) for key in leaving},
        driven_s, driven_m, ahead_s, ahead_m,
    )  # fmt: skip


def _driven(
    state: State,
    here: PlaceIndex,
    visits: Sequence[Visit],
    end: PlaceIndex | None = None,
    *,
    charging: bool = True,
) -> tuple[int, int]:
    """Add up planned driving, in seconds and, from the last charge on, in metres."""
    seconds, metres = 0, 0
    stops = [(visit.place, visit.pause is not None and visit.pause.charges) for visit in visits]
    for place, charges in [*stops, *([] if end is None else [(end, False)])]:
        seconds += state.policy.driving_s(int(state.travel.seconds[here, place]))
        metres += int(state.travel.metres[here, place])
        here = place
        if charges and charging:
            metres = 0
    return seconds, metres


def unassigned(state: State, now_s: int) -> Iterator[Booking]:
    """Yield rides no bus carries although their promise could still be kept."""
    for key in sorted(state.bookings):
        booking = state.bookings[key]
        if booking.status is RideStatus.UNASSIGNED and booking.promise.pickup_until_s >= now_s:
            yield booking

"""A day before anybody calls: travel tables between all places of the day, and the shifts in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.engine import decide
from dispatch.events import ShiftOpened, State
from dispatch.model import Access, Load, PlaceIndex, Travel
from regions.area import Area
from regions.patterns import AreaStop
from regions.region import Region
from regions.stops import reach
from routing.errors import NoRoad
from routing.graph import RoadGraph
from routing.travel_times import TravelTimes
from simulations.demand import Wish
from simulations.places import Spot

Ends = tuple[PlaceIndex, PlaceIndex]
Near = tuple[tuple[Access, ...], tuple[Access, ...]]
"""Stops near the origin and near the destination of a wish."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a simulated day begins with.

    ``ends`` holds the origin and destination of every wish as places of ``state.travel``, None where no
    road leads near, ``near`` the stops that riders would walk to instead; ``times`` knows the paths between
    places, ``graph`` all roads.
    """

    wishes: tuple[Wish, ...]
    ends: Mapping[str, Ends | None]
    near: Mapping[str, Near]
    state: State
    times: TravelTimes
    graph: RoadGraph


def set_scene(region: Region, area: Area, day: date, wishes: Sequence[Wish]) -> Scene:
    """Add every place of the day to a travel table and open the shifts of the day.

    Raises
    ------
    routing.errors.NoRoad
        A shift begins or ends away from all roads.
    """
    times = TravelTimes(region.search)

    def add(place: Spot | AreaStop) -> PlaceIndex:
        position = region.snapper.snap(place.lon, place.lat, area.policy.snap_m)
        return PlaceIndex(times.add(position))

    def ends(wish: Wish) -> Ends | None:
        try:
            return add(wish.origin), add(wish.destination)
        except NoRoad:
            return None

    def near(place: Spot, load: Load) -> tuple[Access, ...]:
        found = reach(area, place.lon, place.lat, load)
        return tuple(Access(add(way.stop), way.walk_s) for way in found.near) if found else ()

    shifts = [pattern.shift(add) for pattern in area.shifts_on(day)]
    wish_ends = {wish.id: ends(wish) for wish in wishes}
    stops = {w.id: (near(w.origin, w.load), near(w.destination, w.load)) for w in wishes}
    state = State(policy=area.policy, travel=Travel(times.seconds, times.metres))
    vehicles = {vehicle.id: vehicle for vehicle in area.vehicles}
    for shift in shifts:
        state, _ = decide(state, ShiftOpened(shift, vehicles[shift.vehicle]), shift.start_s)
    return Scene(
        wishes=tuple(wishes),
        ends=wish_ends,
        near=stops,
        state=state,
        times=times,
        graph=region.graph,
    )

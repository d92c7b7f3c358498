"""A day before anybody calls: travel tables between all places of the day, and the shifts in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dispatch.engine import decide
from dispatch.events import ShiftOpened, State
from dispatch.model import PlaceIndex, Shift, ShiftId, Travel, VehicleId
from regions.area import Area, AreaStop
from regions.region import Region
from routing.errors import NoRoad
from routing.graph import RoadGraph
from routing.travel_times import TravelTimes
from simulations.demand import Wish
from simulations.places import Spot

Ends = tuple[PlaceIndex, PlaceIndex]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a simulated day begins with.

    ``ends`` holds the origin and destination of every wish as places of ``state.travel``, None where no
    road leads near; ``times`` knows the paths between places, ``graph`` all roads.
    """

    wishes: tuple[Wish, ...]
    ends: Mapping[str, Ends | None]
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

    patterns = [pattern for pattern in area.shifts if pattern.runs_on(day)]
    depots = [(add(pattern.start), add(pattern.end)) for pattern in patterns]
    wish_ends = {wish.id: ends(wish) for wish in wishes}
    state = State(policy=area.policy, travel=Travel(times.seconds, times.metres))
    vehicles = {vehicle.id: vehicle for vehicle in area.vehicles}
    for pattern, (start_place, end_place) in zip(patterns, depots, strict=True):
        shift = Shift(
            id=ShiftId(pattern.id),
            vehicle=VehicleId(pattern.vehicle),
            driver=pattern.driver,
            start_s=pattern.start_s,
            end_s=pattern.end_s,
            start_place=start_place,
            end_place=end_place,
        )
        state, _ = decide(state, ShiftOpened(shift, vehicles[shift.vehicle]), shift.start_s)
    return Scene(wishes=tuple(wishes), ends=wish_ends, state=state, times=times, graph=region.graph)

"""The places of one day: positions on the road as rows and columns of its travel table."""

from collections.abc import Iterable
from threading import Lock

from dispatch.model import PlaceIndex, Travel
from regions.region import Region
from routing.path import Path
from routing.snap import Position
from routing.travel_times import TravelTimes


class Places:
    """Grows with every place asked for; an index keeps its meaning.

    Parameters
    ----------
    region
        Whose roads are driven.
    within_m
        How far from a road the bus may use a place may lie.
    """

    def __init__(self, region: Region, within_m: int) -> None:
        self._snapper = region.snapper
        self._within_m = within_m
        self._times = TravelTimes(region.search)
        self._indices: dict[tuple[float, float], PlaceIndex] = {}
        self._positions: list[tuple[float, float]] = []
        self._growing = Lock()

    def __len__(self) -> int:
        return len(self._positions)

    def snap(self, lon: float, lat: float) -> Position:
        """Return the nearest position on a road.

        Raises
        ------
        routing.errors.NoRoad
            No road the bus may use is near enough.
        """
        return self._snapper.snap(lon, lat, self._within_m)

    def index(self, lon: float, lat: float) -> PlaceIndex:
        """Return the index of a position, new or known.

        Raises
        ------
        routing.errors.NoRoad
            No road the bus may use is near enough.
        """
        known = self._indices.get((lon, lat))
        if known is None:
            self.add([(lon, lat)])
            known = self._indices[lon, lat]
        return known

    def add(self, positions: Iterable[tuple[float, float]]) -> None:
        """Make positions (lon, lat) known; many at once cost much less than one after the other.

        Raises
        ------
        routing.errors.NoRoad
            No road the bus may use is near enough to one of them.
        """
        with self._growing:
            new = [each for each in dict.fromkeys(positions) if each not in self._indices]
            indices = self._times.add_many([self.snap(*each) for each in new])
            for each, index in zip(new, indices, strict=True):
                if index == len(self._positions):
                    self._positions.append(each)
                self._indices[each] = PlaceIndex(index)

    def position(self, index: PlaceIndex) -> tuple[float, float]:
        """Return lon and lat a place was first asked for with."""
        return self._positions[index]

    def travel(self) -> Travel:
        """Return the travel table of all places so far."""
        return Travel(seconds=self._times.seconds, metres=self._times.metres)

    def path(self, origin: PlaceIndex, destination: PlaceIndex) -> Path:
        """Return the drive between two places with its geometry."""
        return self._times.path(origin, destination)

"""The nouns of the generated region: settlements, lines of ways, streets, buildings.

Everything is planned in metres on a plane whose origin is the middle of the region (x east, y north);
:class:`Globe` turns metres into degrees once, when the files are written.
"""

import math
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import numpy as np
import numpy.typing as npt
import shapely

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Points = FloatArray
"""Polyline or point set of shape (n, 2), metres."""

Tags = dict[str, str]

_METRES_PER_DEGREE = 111_195.0


def dice(seed: int, *stream: int) -> np.random.Generator:
    """Return the random numbers of one part of the region, independent of what other parts draw."""
    return np.random.default_rng([seed, *stream])


class Kind(StrEnum):
    """What a site is; town, village and hamlet are OSM's values of ``place``."""

    TOWN = "town"
    VILLAGE = "village"
    HAMLET = "hamlet"
    JUNCTION = "junction"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Site:
    """A point the Landstraßen join: a settlement, a bare junction or an exit at the county's edge.

    ``radius`` is how far the built-up area may reach (metres), ``streets_m`` how many metres of side
    streets it shall have.
    """

    index: int
    kind: Kind
    x: float
    y: float
    name: str = ""
    radius: float = 0.0
    streets_m: float = 0.0

    @property
    def at(self) -> Points:
        """Position, shape (2,)."""
        return np.array([self.x, self.y])

    @property
    def lived_in(self) -> bool:
        """Whether people live here."""
        return self.kind in {Kind.TOWN, Kind.VILLAGE, Kind.HAMLET}

    @property
    def has_streets(self) -> bool:
        """Whether there is a net of named streets."""
        return self.kind in {Kind.TOWN, Kind.VILLAGE}


class Rank(IntEnum):
    """Importance of a Landstraße."""

    LANE = 0
    TERTIARY = 1
    SECONDARY = 2
    PRIMARY = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A Landstraße between two sites (indices)."""

    a: int
    b: int
    rank: Rank


class Level(IntEnum):
    """Who meets whom at grade: everything meets, except MAJOR and RAIL, which pass over each other."""

    MINOR = 0
    MAJOR = 1
    RAIL = 2


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A way to be: its course, its tags and what it meets at grade. A closed line ends where it began."""

    points: Points
    tags: Tags
    level: Level = Level.MINOR


@dataclass(frozen=True, slots=True, eq=False)
class Street:
    """Where addresses stand. Without a ``name`` the addresses are those of the ``place`` ("Altweiler 3")."""

    site: int
    points: Points
    name: str = ""
    place: str = ""
    plot_m: float = 21.0


@dataclass(frozen=True, slots=True, eq=False)
class Landmark:
    """A building that must stand where it is planned, along ``street`` (index) at ``along`` metres."""

    street: int
    along: float
    side: int
    footprint: shapely.Polygon
    tags: Tags


@dataclass(frozen=True, slots=True)
class Spot:
    """A tagged point; ``on_road`` spots become tags of the road node nearest to them."""

    x: float
    y: float
    tags: Tags
    on_road: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A tagged polygon."""

    polygon: shapely.Polygon
    tags: Tags


@dataclass(slots=True)
class Draft:
    """What the parts of the generator have drawn so far, in drawing order."""

    lines: list[Line] = field(default_factory=list)
    streets: list[Street] = field(default_factory=list)
    landmarks: list[Landmark] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    no_left_turn: list[int] = field(default_factory=list)
    """Lines at whose end one may not turn left."""
    dead_ends: list[Points] = field(default_factory=list)
    """Last two points, shape (2, 2), of streets that end in the fields."""


@dataclass(frozen=True, slots=True)
class Globe:
    """Metres on the plane to WGS84 degrees, exact enough for an invented place (equirectangular)."""

    lon: float = 9.0
    lat: float = 48.4

    def to_e7(self, points: Points) -> IntArray:
        """Degrees times 10^7, as OSM stores them; shape (n, 2) as lon, lat."""
        scale = np.array([1.0 / math.cos(math.radians(self.lat)), 1.0]) / _METRES_PER_DEGREE
        degrees = points * scale + np.array([self.lon, self.lat])
        e7: IntArray = np.rint(degrees * 1e7).astype(np.int64)
        return e7

    def to_metres(self, e7: IntArray) -> Points:
        """Return the inverse of :meth:`to_e7`, up to its rounding of about a centimetre."""
        scale = np.array([math.cos(math.radians(self.lat)), 1.0]) * _METRES_PER_DEGREE
        metres: Points = (e7 / 1e7 - np.array([self.lon, self.lat])) * scale
        return metres

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Lon and lat of one point, rounded as OSM stores them."""
        lon, lat = self.to_e7(np.array([[x, y]]))[0]
        return round(int(lon) / 1e7, 7), round(int(lat) / 1e7, 7)

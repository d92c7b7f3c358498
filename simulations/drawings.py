"""Two pictures of a day as plain SVG: the tours on the map, and who was aboard when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt

from dispatch.model import ShiftId, persons
from routing.graph import RoadGraph
from simulations.driven import Leg, legs_of
from simulations.run import Result

# Okabe and Ito: told apart by colour-blind people too
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_WIDTH = 960
_MARGIN = 24
_TALLEST = 1400
_ROW = 74
_LABEL = 150
_HOUR = 3600

Points = Sequence[tuple[float, float]]


def colour_of(result: Result, shift: ShiftId) -> str:
    """Return the colour of a shift's tour in both pictures."""
    return _COLOURS[sorted(result.lived.state.shifts).index(shift) % len(_COLOURS)]


@dataclass(frozen=True, slots=True)
class _Plane:
    """From degrees to picture units, y downwards."""

    west: float
    north: float
    x_scale: float
    y_scale: float

    def points(
        self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
    ) -> list[tuple[float, float]]:
        """Return picture coordinates, without points that would fall together."""
        x = _MARGIN + (lon - self.west) * self.x_scale
        y = _MARGIN + (self.north - lat) * self.y_scale
        kept: list[tuple[float, float]] = []
        for point in zip(x.round(1).tolist(), y.round(1).tolist(), strict=True):
            if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 1:
                kept.append(point)
        return kept


def tours_map(result: Result) -> str:
    """Draw the roads and the way of every tour."""
    legs = legs_of(result.lived.state)
    ways = [(leg, *_geometry(result, leg)) for leg in legs]
    if not ways:
        return ""
    lon, lat = np.concatenate([w[1] for w in ways]), np.concatenate([w[2] for w in ways])
    plane, height = _plane(lon, lat)
    box = (lon.min(), lat.min(), lon.max(), lat.max())
    roads = " ".join(_path(points) for points in _roads(result.scene.graph, plane, box))
    tours = "".join(
        f'<path d="{_path(plane.points(x, y))}" stroke="{colour_of(result, leg.shift)}" '
        f'stroke-width="{1.5 + 1.2 * min(len(leg.aboard), 4):.1f}"'
        f'{"" if leg.aboard else " stroke-dasharray=&quot;3 4&quot;".replace("&quot;", chr(34))}/>'
        for leg, x, y in ways
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="map-title">'
        '<title id="map-title">Karte der Touren; je breiter die Linie, desto mehr Fahrgäste</title>'
        f'<path d="{roads}" fill="none" stroke="#c9c9c9" stroke-width="1"/>'
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round" opacity="0.8">{tours}</g>'
        f"{_halts(result, plane)}</svg>"
    )

"""Two pictures of a day as plain SVG: the tours on the map, and who was aboard when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dispatch.model import ShiftId, persons
from routing.graph import RoadGraph
from simulations.driven import Leg, legs_of
from simulations.run import Result

# Okabe and Ito: told apart by colour-blind people too
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
_WIDTH, _TALLEST, _MARGIN = 960.0, 1400.0, 24.0
_ROW, _ROW_GAP, _LABEL = 60.0, 18.0, 150.0
_MOST_WIDTH_PERSONS = 4
_HOUR = 3600

FloatArray = npt.NDArray[np.float64]
Points = Sequence[tuple[float, float]]


def colour_of(result: Result, shift: ShiftId) -> str:
    """Return the colour of a shift's tour in both pictures."""
    return _COLOURS[sorted(result.lived.state.shifts).index(shift) % len(_COLOURS)]


def tours_map(result: Result) -> str:
    """Draw the roads, the way of every tour and its halts; empty where nothing was driven."""
    legs = [leg for leg in legs_of(result.lived.state) if leg.origin != leg.destination]
    if not legs:
        return ""
    ways = [_way(result, leg) for leg in legs]
    frame = _Frame.around(np.concatenate(ways))
    roads = "".join(_line(frame.points(road)) for road in _roads(result.scene.graph, frame))
    tours = "".join(
        f'<path d="{_line(frame.points(way))}" stroke="{colour_of(result, leg.shift)}" '
        f'stroke-width="{1.5 + 1.2 * min(_aboard(result, leg), _MOST_WIDTH_PERSONS):.1f}"/>'
        for leg, way in zip(legs, ways, strict=True)
    )
    halts = "".join(
        f'<circle cx="{x}" cy="{y}" r="3.5"/>'
        for x, y in sorted({frame.points(way)[-1] for way in ways})
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH:.0f} {frame.height:.0f}" role="img" aria-labelledby="map">'
        '<title id="map">Karte der Touren: je breiter die Linie, desto mehr Fahrgäste</title>'
        f'<path d="{roads}" fill="none" stroke="#cfcfcf"/>'
        f'<g fill="none" stroke-linecap="round" stroke-linejoin="round" opacity="0.75">{tours}</g>'
        f'<g fill="#fff" stroke="#222" stroke-width="1.2">{halts}</g></svg>'
    )


def occupancy_chart(result: Result) -> str:
    """Draw for every shift the persons aboard over the day; empty where there is no shift."""
    state = result.lived.state
    shifts = [state.shifts[key] for key in sorted(state.shifts)]
    if not shifts:
        return ""
    legs = legs_of(state)
    begin = min([s.start_s for s in shifts] + [leg.left_s for leg in legs]) // _HOUR * _HOUR
    end = -(-max([s.end_s for s in shifts] + [leg.reached_s for leg in legs]) // _HOUR) * _HOUR
    x_scale = (_WIDTH - _LABEL - _MARGIN) / (end - begin)
    most = max([_aboard(result, leg) for leg in legs], default=0) or 1
    height = len(shifts) * (_ROW + _ROW_GAP) + 2 * _MARGIN
    parts = [_hours(begin, end, x_scale, height)]
    for row, shift in enumerate(shifts):
        bottom = _MARGIN + row * (_ROW + _ROW_GAP) + _ROW
        left, right = (_LABEL + (t - begin) * x_scale for t in (shift.start_s, shift.end_s))
        own = [leg for leg in legs if leg.shift == shift.id]
        steps = _steps(result, own, begin, x_scale, bottom, _ROW / most)
        label = escape(f"{shift.id} ({state.vehicles[shift.vehicle].name})")
        parts.append(
            f'<rect x="{left:.1f}" y="{bottom - _ROW:.1f}" width="{right - left:.1f}" '
            f'height="{_ROW:.0f}" fill="#f0f0f0"/>'
            f'<path d="{steps}" fill="{colour_of(result, shift.id)}"/>'
            f'<text x="{_LABEL - 8:.0f}" y="{bottom - 4:.1f}" text-anchor="end">{label}</text>'
            f'<text x="{_LABEL - 8:.0f}" y="{bottom - _ROW + 14:.1f}" text-anchor="end" '
            f'fill="#555">bis {most} Personen</text>'
        )
    return (
        f'<svg viewBox="0 0 {_WIDTH:.0f} {height:.0f}" role="img" aria-labelledby="chart">'
        '<title id="chart">Personen im Fahrzeug über den Tag, eine Zeile je Schicht</title>'
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to picture units, y downwards."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    height: float

    @classmethod
    def around(cls, degrees: FloatArray) -> "_Frame":
        """Fit the points (float64[n, 2], lon and lat) into the picture."""
        (west, south), (east, north) = degrees.min(axis=0), degrees.max(axis=0)
        shrink = float(np.cos(np.radians((south + north) / 2)))
        wide, tall = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
        scale = min((_WIDTH - 2 * _MARGIN) / wide, (_TALLEST - 2 * _MARGIN) / tall)
        return cls(west, north, scale * shrink, scale, tall * scale + 2 * _MARGIN)

    def points(self, degrees: FloatArray) -> list[tuple[float, float]]:
        """Return picture coordinates, without points that nearly fall together."""
        xy = (degrees - (self.west, self.north)) * (self.x_scale, -self.y_scale) + _MARGIN
        points = [(x, y) for x, y in xy.round(1).tolist()]
        kept = points[:1]
        for x, y in points[1:-1]:
            if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 1:
                kept.append((x, y))
        return [*kept, points[-1]]

    def shows(self, degrees: FloatArray) -> bool:
        """Whether both ends of a polyline lie in the picture."""
        x, y = ((degrees[[0, -1]] - (self.west, self.north)) * (self.x_scale, -self.y_scale)).T
        inside = (x > -_MARGIN) & (x < _WIDTH) & (y > -_MARGIN) & (y < self.height)
        return bool(inside.all())


def _way(result: Result, leg: Leg) -> FloatArray:
    return np.array(result.scene.times.path(leg.origin, leg.destination).geometry)


def _roads(graph: RoadGraph, frame: _Frame) -> Iterator[FloatArray]:
    """Yield every road in the picture once, as float64[n, 2] of lon and lat."""
    for edge in range(graph.edges):
        if graph.way_id[edge] != 0 and (graph.twin[edge] < 0 or graph.twin[edge] > edge):
            road = np.column_stack(graph.shape(edge))
            if frame.shows(road):
                yield road


def _line(points: Points) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _aboard(result: Result, leg: Leg) -> int:
    bookings = result.lived.state.bookings
    return sum(persons(bookings[key].request.load) for key in leg.aboard)


def _hours(begin: int, end: int, x_scale: float, height: float) -> str:
    """Draw a line and a label for every hour."""
    marks = ((t, _LABEL + (t - begin) * x_scale) for t in range(begin, end + 1, _HOUR))
    return "".join(
        f'<path d="M{x:.1f} {_MARGIN:.0f}V{height - _MARGIN:.0f}" stroke="#ddd"/>'
        f'<text x="{x:.1f}" y="{height - 6:.0f}" text-anchor="middle">{t // _HOUR}</text>'
        for t, x in marks
    )


def _steps(
    result: Result, legs: Sequence[Leg], begin: int, x_scale: float, bottom: float, y_scale: float
) -> str:
    """Outline the persons aboard from leg to leg as an area standing on ``bottom``."""
    if not legs:
        return ""
    until = [following.left_s for _, following in pairwise(legs)] + [legs[-1].reached_s]
    path = f"M{_LABEL + (legs[0].left_s - begin) * x_scale:.1f} {bottom:.1f}"
    for leg, end_s in zip(legs, until, strict=True):
        y = bottom - _aboard(result, leg) * y_scale
        path += f"V{y:.1f}H{_LABEL + (end_s - begin) * x_scale:.1f}"
    return f"{path}V{bottom:.1f}Z"

"""A map for each way to get about: where one starts, coloured by how long it takes from there."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from routing.graph import ROAD_CLASSES, RoadGraph

# cividis, from light to dark: told apart by colour-blind people and in grey; dark orange for who is late
_CLASSES = ((30, "#00204C"), (60, "#6F90A8"), (90, "#E8C53A"))
_LATE = "#D55E00"
_ROADS = frozenset(ROAD_CLASSES[: ROAD_CLASSES.index("residential")])
Values = npt.NDArray[np.float64]
_DEGREES_APART = 0.0008
"""Corners of roads nearer to the last one than that (some 80 m) are left out."""


def draw(
    picture: Path,
    roads: RoadGraph,
    doors: Sequence[tuple[float, float]],
    panels: Mapping[str, Sequence[float]],
) -> None:
    """Draw a panel for each way, minutes by door (infinite: never), in the format of the file's ending.

    Parameters
    ----------
    doors
        lon, lat of where each pair starts.
    panels
        Title and minutes of each pair.
    """
    figure = Figure(figsize=(8, 7.2), layout="constrained")
    every = figure.subplots(1, len(panels), squeeze=False)[0]
    lines = _lines(roads)
    for axes, (title, minutes) in zip(every, panels.items(), strict=True):
        axes.add_collection(LineCollection(lines, colors="#C4C4C4", linewidths=0.5, zorder=1))
        _doors(axes, np.array(doors), np.array(minutes, np.float64))
        in_time = sum(each <= _CLASSES[-1][0] for each in minutes)
        told = f"{in_time} of {len(minutes)} within {_CLASSES[-1][0]} min"
        axes.set_title(f"{title}\n{told}", fontsize=10)
        axes.set_aspect(1 / math.cos(math.radians(float(np.mean(roads.node_lat)))))
        axes.autoscale_view()
        axes.set_axis_off()
    figure.legend(
        handles=_legend(), loc="outside lower center", ncols=4, frameon=False,
        title="each mark is where a random journey starts: minutes from the time wished to the other door",
    )  # fmt: skip
    figure.savefig(picture)


def _doors(axes: Axes, doors: Values, minutes: Values) -> None:
    least = -math.inf
    for limit, colour in _CLASSES:
        at = doors[(minutes > least) & (minutes <= limit)]
        axes.scatter(
            at[:, 0], at[:, 1], s=30, color=colour, edgecolors="#333333", linewidths=0.4, zorder=3
        )
        least = limit
    at = doors[minutes > least]
    axes.scatter(at[:, 0], at[:, 1], s=26, color=_LATE, marker="x", linewidths=1.4, zorder=2)


def _legend() -> list[Line2D]:
    words, least = [], 0
    for limit, _ in _CLASSES:
        words.append(f"{least} to {limit} min" if least else f"up to {limit} min")
        least = limit
    marks = [
        Line2D(
            [], [], linestyle="", marker="o", color=colour, markeredgecolor="#333333", label=word
        )
        for word, (_, colour) in zip(words, _CLASSES, strict=True)
    ]
    return [*marks, Line2D([], [], linestyle="", marker="x", color=_LATE, label="longer, or never")]


def _lines(roads: RoadGraph) -> list[Values]:
    """Return float64[p, 2] for each road of some importance, once for both directions."""
    wanted = [k for k, kind in enumerate(ROAD_CLASSES) if kind in _ROADS]
    edges = np.flatnonzero(np.isin(roads.road_class, wanted) & (roads.way_id > 0))
    once = edges[(roads.twin[edges] < 0) | (roads.twin[edges] > edges)]
    return [_thinned(np.column_stack(roads.shape(int(edge)))) for edge in once]


def _thinned(shape: Values) -> Values:
    kept = [0]
    for k in range(1, len(shape) - 1):
        if np.abs(shape[k] - shape[kept[-1]]).max() >= _DEGREES_APART:
            kept.append(k)
    return shape[[*kept, len(shape) - 1]].round(5)

"""Pictures of measurements, in the format that the file's ending names (SVG, PNG, PDF)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito: told apart by colour-blind people too
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")

_SOONEST_S = 1e-3
_PERCENT = (0, 0.01, 0.1, 1, 10, 100)

Values = npt.NDArray[np.float64]


def scatter(picture: Path, ours: Values, others: Mapping[str, Values], unit: str) -> None:
    """Draw float64[n] `ours` upwards over each of `others`; on the diagonal both say the same."""
    figure, axes = _empty()
    for colour, (name, values) in zip(COLOURS, others.items(), strict=False):
        axes.scatter(values, ours, s=8, alpha=0.5, color=colour, label=name)
    most = float(np.nanmax([1.0, *ours, *(v for values in others.values() for v in values)]))
    axes.plot([0, most], [0, most], color="#999999", linewidth=1)
    axes.set_xlabel(f"others, {unit}")
    axes.set_ylabel(f"ours, {unit}")
    _finish(figure, axes, picture, legend=bool(others))


def growth(picture: Path, nodes: Sequence[int], times: Mapping[str, Sequence[float]]) -> None:
    """Draw milliseconds over the number of nodes on logarithmic scales, one line for each kind of work."""
    figure, axes = _empty()
    for colour, (label, values) in zip(COLOURS, times.items(), strict=False):
        axes.loglog(nodes, values, "o-", color=colour, label=label)
    axes.set_xlabel("nodes of the road graph")
    axes.set_ylabel("milliseconds, one thread")
    axes.grid(which="both", alpha=0.3)
    _finish(figure, axes, picture, legend=True)


def gap_over_time(
    picture: Path, lines: Mapping[str, Sequence[Sequence[tuple[float, float]]]], seconds: float
) -> None:
    """Draw the mean gap in percent over the seconds of search, one line for each set of runs.

    A run is its improvements, (seconds, gap as a fraction); a line begins when all its runs have one.
    """
    figure, axes = _empty()
    for colour, (label, runs) in zip(COLOURS, lines.items(), strict=False):
        first = max(min(at for at, _ in run) for run in runs)
        times = np.geomspace(max(first, _SOONEST_S), max(seconds, 2 * first), 200)
        gaps = [[min(gap for at, gap in run if at <= now) for run in runs] for now in times]
        axes.plot(
            times, 100 * np.mean(gaps, axis=1), color=colour, label=f"{label} ({len(runs)} runs)"
        )
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=_PERCENT[1])
    axes.set_ylim(0, _PERCENT[-1])
    axes.set_yticks(_PERCENT, labels=[f"{value:g}" for value in _PERCENT])
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel("seconds, one thread")
    axes.set_ylabel("above best known, %")
    axes.grid(which="both", alpha=0.3)
    _finish(figure, axes, picture, legend=bool(lines))


def _empty() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 5), layout="constrained")
    return figure, figure.subplots()


def _finish(figure: Figure, axes: Axes, picture: Path, *, legend: bool) -> None:
    if legend:
        axes.legend()
    figure.savefig(picture)

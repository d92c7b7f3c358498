"""Pictures of measurements, in the format that the file's ending names (SVG, PNG, PDF)."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito: told apart by colour-blind people too
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")

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


def _empty() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 5), layout="constrained")
    return figure, figure.subplots()


def _finish(figure: Figure, axes: Axes, picture: Path, *, legend: bool) -> None:
    if legend:
        axes.legend()
    figure.savefig(picture)

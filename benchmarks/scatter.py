"""A picture of two measurements of the same things as plain SVG."""

from collections.abc import Mapping
from html import escape

import numpy as np
import numpy.typing as npt

# Okabe and Ito: told apart by colour-blind people too
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
SIZE, MARGIN = 640.0, 48.0
TICKS = 6

Values = npt.NDArray[np.float64]


def scatter(ours: Values, others: Mapping[str, Values], unit: str) -> str:
    """Draw float64[n] `ours` upwards over each of `others`; on the diagonal both say the same."""
    known = [values[np.isfinite(values)] for values in (ours, *others.values())]
    most = float(np.concatenate(known).max(initial=1.0)) * 1.02
    scale = (SIZE - 2 * MARGIN) / most
    dots = "".join(
        f'<g fill="{colour}" fill-opacity="0.5">{_dots(values * scale, ours * scale)}</g>'
        f'<text x="{MARGIN + 12:.0f}" y="{MARGIN + 18 * row:.0f}" fill="{colour}">{escape(name)}</text>'
        for row, (colour, (name, values)) in enumerate(zip(COLOURS, others.items(), strict=False))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE:.0f} {SIZE:.0f}" role="img" '
        'font-family="sans-serif" font-size="13">'
        f"<title>Unsere Werte (nach oben) gegen andere (nach rechts), {escape(unit)}</title>"
        f'<rect width="{SIZE:.0f}" height="{SIZE:.0f}" fill="#fff"/>'
        f'<path d="M{MARGIN:.0f} {SIZE - MARGIN:.0f}L{SIZE - MARGIN:.0f} {MARGIN:.0f}" stroke="#999"/>'
        f"{_axes(most, scale, unit)}{dots}</svg>"
    )


def _dots(x: Values, y: Values) -> str:
    both = np.isfinite(x) & np.isfinite(y)
    return "".join(
        f'<circle cx="{MARGIN + right:.1f}" cy="{SIZE - MARGIN - up:.1f}" r="2.5"/>'
        for right, up in zip(x[both], y[both], strict=True)
    )


def _axes(most: float, scale: float, unit: str) -> str:
    """Draw both axes with a number at round steps."""
    rough = most / TICKS
    magnitude = 10.0 ** np.floor(np.log10(rough))
    step = magnitude * next(size for size in (1, 2, 5, 10) if size * magnitude >= rough)
    low = SIZE - MARGIN
    marks = "".join(
        f'<text x="{MARGIN + value * scale:.1f}" y="{low + 18:.0f}" text-anchor="middle">{value:g}</text>'
        f'<text x="{MARGIN - 6:.0f}" y="{low - value * scale + 4:.1f}" text-anchor="end">{value:g}</text>'
        for value in np.arange(step, most, step)
    )
    frame = f'<path d="M{MARGIN:.0f} {MARGIN:.0f}V{low:.0f}H{low:.0f}" fill="none" stroke="#222"/>'
    label = escape(unit)
    return (
        f'{frame}{marks}<text x="{low:.0f}" y="{low - 6:.0f}" text-anchor="end">andere, {label}</text>'
        f'<text x="{MARGIN:.0f}" y="{MARGIN - 18:.0f}">unsere, {label}</text>'
    )

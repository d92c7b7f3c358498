"""What a benchmark returns: the work, our figures, the peers' figures of the same run."""

import os
import platform
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]


@cache
def commit() -> str:
    """Short hash of the checkout, with a mark if it was changed."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607  # the git of this machine
            check=True,
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return described.stdout.strip()


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Median time of ``work`` in milliseconds after one run that is not counted."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def percentile(values: list[float], share: float) -> float:
    """Value below which ``share`` of ``values`` lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Record:
    """One run. Times are in ms unless the name says otherwise; ``ratio_X`` is X's time over ours."""

    benchmark: str
    work: dict[str, Any]
    figures: dict[str, float]
    peers: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the object printed with ``--json``."""
        machine = (
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        )
        return {
            "benchmark": self.benchmark,
            "machine": machine,
            "commit": commit(),
            "work": self.work,
            "figures": self.figures,
            "peers": self.peers,
        }

    def as_table(self) -> str:
        """Return the figures for people."""
        lines = [
            f"\n{self.benchmark}: "
            + ", ".join(f"{key} {value}" for key, value in self.work.items())
        ]
        lines += [
            f"  {name:<24}{_number(name, value):>14}{_unit(name)}"
            for name, value in self.figures.items()
        ]
        lines += [f"  peer {name}: {_said(figures)}" for name, figures in self.peers.items()]
        return "\n".join(lines)


def _said(figures: Any) -> str:  # noqa: ANN401 - a sentence, or figures of any kind
    if not isinstance(figures, dict):
        return str(figures)
    numbers = {
        name: _number(name, value) if isinstance(value, int | float) else value
        for name, value in figures.items()
    }
    return ", ".join(f"{name} {value}" for name, value in numbers.items())


def _number(name: str, value: float) -> str:
    if "gap" in name.split("_"):
        return f"{value:.3%}"
    return f"{value:,.3f}" if abs(value) < 100 and value != int(value) else f"{value:,.0f}"  # noqa: PLR2004


def _unit(name: str) -> str:
    units = {"_per_s": " /s", "_ms": " ms", "_us": " µs", "_s": " s", "_mb": " MB"}
    if name == "ms":
        return " ms"
    if name.startswith("ratio_"):
        return " x our time"
    return next((unit for suffix, unit in units.items() if name.endswith(suffix)), "")

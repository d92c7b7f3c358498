"""How far the runs of one solver lie above the best known values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean
from typing import Any

from benchmarks.best_known import Known
from benchmarks.instances import Instance
from benchmarks.route_check import check
from benchmarks.runs import Run

GROUPS = ("ab", "r")

Trace = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Best known values by lower-case name, and the runs of one solver, sorted by name."""

    known: Mapping[str, Known]
    runs: Sequence[Run]

    def known_of(self, run: Run) -> Known | None:
        """Return the best known value of the instance of a run."""
        return self.known.get(run.name.lower())

    def best(self) -> dict[str, Run]:
        """Return the best feasible run of each instance that has one."""
        runs = (run for run in self.runs if run.feasible)
        several = groupby(runs, key=lambda run: run.name)
        return {name: min(them, key=lambda run: run.cost) for name, them in several}

    def gaps(self, group: str, runs: Iterable[Run] | None = None) -> list[float]:
        """Return the gap of every feasible run on the instances of a group."""
        pairs = ((run, self.known_of(run)) for run in (self.runs if runs is None else runs))
        return [
            there.gap(run.cost)
            for run, there in pairs
            if there is not None and there.group == group and run.feasible
        ]

    def figures(self) -> dict[str, float]:
        """Return the gaps of each group that was there, and counts of what must not be."""
        figures: dict[str, float] = {}
        best = self.best().values()
        for group in GROUPS:
            gaps = self.gaps(group)
            if gaps:
                figures[f"mean_gap_{group}"] = fmean(gaps)
                figures[f"worst_gap_{group}"] = max(gaps)
                figures[f"mean_best_gap_{group}"] = fmean(self.gaps(group, best))
        pairs = [(run, there) for run in best if (there := self.known_of(run)) is not None]
        proven = [(run, there) for run, there in pairs if there.proven]
        if "mean_gap_ab" in figures:
            figures["optimal_ab"] = sum(
                there.reached(run.cost) for run, there in pairs if there.group == "ab"
            )
        figures["infeasible"] = sum(not run.feasible for run in self.runs)
        figures["below_optimal"] = sum(there.beaten(run.cost) for run, there in proven)
        return figures

    def new_best(self, instances: Sequence[Instance]) -> dict[str, dict[str, Any]]:
        """Return the solutions better than what is known, each checked once more."""
        by_name = {one.name: one for one in instances}
        return {
            name: {
                "cost": run.cost,
                "best_known": there.cost,
                "verdict": "; ".join(check(by_name[name], run.tours)) or "feasible",
                "tours": run.tours,
            }
            for name, run in self.best().items()
            if (there := self.known_of(run)) and not there.proven and there.beaten(run.cost)
        }

    def traces(self, group: str) -> list[Trace]:
        """Return seconds and gap of every improvement of every run on the instances of a group."""
        pairs = ((run, self.known_of(run)) for run in self.runs if run.trace and run.feasible)
        return [
            [(at, there.gap(cost)) for at, cost in run.trace]
            for run, there in pairs
            if there is not None and there.group == group
        ]

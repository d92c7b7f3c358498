"""Runs of solvers on instances: one thread each, several at a time if wished, every answer checked."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.instances import Instance
from benchmarks.invented import invented
from benchmarks.peers.errors import PeerError
from benchmarks.peers.tours import Effort, Planned, plan
from benchmarks.route_check import EXACT, check, cost
from benchmarks.solver import plan_ours, warm

OURS = "ours"
WHOLE_NUMBERS = 0.01
"""What the times of a peer may miss: it calculates in thousandths."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run to be made: who plans what, and how long."""

    who: str
    instance: Instance
    effort: Effort


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a job.

    Attributes
    ----------
    tours
        Nodes of each vehicle used, without the first and the last.
    cost
        Unrounded length, calculated here.
    trace
        Seconds and cost whenever the best solution became better.
    faults
        What the checker says against it; empty: feasible.
    missing
        The solver is not installed.
    """

    who: str
    name: str
    seed: int
    tours: list[list[int]] = field(default_factory=list)
    cost: float = 0.0
    seconds: float = 0.0
    trace: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    missing: bool = False

    @property
    def feasible(self) -> bool:
        """Whether all rides are served as they must be."""
        return not self.faults and not self.missing


def run_jobs(jobs: Sequence[Job], processes: int) -> list[Run]:
    """Run all `jobs`, `processes` at a time; progress goes to standard error."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("planning", total=len(jobs))
        found = []
        for run in _results(jobs, processes):
            found.append(run)
            progress.update(bar, advance=1, description=f"{run.name} {run.who}")
    return sorted(found, key=lambda run: (run.who, run.name, run.seed))


def perform(job: Job) -> Run:
    """Run one job and check its answer; whoever fails has a run with a fault, and the others go on."""
    try:
        found = _plan(job)
    except Exception as error:  # noqa: BLE001 - hours of other runs are worth more than a clean end
        fault = str(error) if isinstance(error, PeerError) else repr(error)
        return Run(job.who, job.instance.name, job.effort.seed, faults=[fault])
    if found is None:
        return Run(job.who, job.instance.name, job.effort.seed, missing=True)
    tours = [list(tour) for tour in found.tours if tour]
    faults = check(job.instance, tours, EXACT if job.who == OURS else WHOLE_NUMBERS)
    return Run(
        job.who,
        job.instance.name,
        job.effort.seed,
        tours,
        0.0 if faults else cost(job.instance, tours),
        found.seconds,
        found.trace,
        faults,
    )


@contextmanager
def work_of(kind: str, folder: Path | None) -> Iterator[tuple[Path, str]]:
    """Yield the folder of instances and how to call it; invented ones, said on standard error, without it."""
    if folder is not None:
        yield folder, folder.name
        return
    print(f"{kind}: no --instances DIR, so on small invented ones", file=sys.stderr)
    with invented(kind) as made:
        yield made, "invented"


def _results(jobs: Sequence[Job], processes: int) -> Iterator[Run]:
    if processes <= 1:
        warm()
        yield from map(perform, jobs)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=warm) as pool:
        for future in as_completed([pool.submit(perform, job) for job in jobs]):
            yield future.result()


def _plan(job: Job) -> Planned | None:
    if job.who == OURS:
        return plan_ours(job.instance, job.effort)
    return plan(job.who, job.instance, job.effort)

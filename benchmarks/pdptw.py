"""Pickup and delivery with as few vehicles as possible: ours against PyVRP and VROOM in the same run."""

from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from benchmarks.best_known import Known, read_best_known
from benchmarks.instances import Instance, read_folder, read_li_lim
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.peers.tours import Effort, version_of
from benchmarks.record import Record
from benchmarks.runs import OURS, Job, Run, run_jobs, work_of

PEERS = ("pyvrp", "vroom")
VEHICLE_COST = 10_000.0
"""More than any tour is long: vehicles first, then distance."""

QUICK_S = 1.0
MOST_WIDTH = 12


def run(options: Namespace) -> Record:
    """Solve every instance of ``--instances`` for ``--seconds`` with ``--seeds`` seeds, each in one thread.

    ``vehicles_equal`` is the share of instances whose best run has as few vehicles as the best known
    solution, ``mean_gap`` the mean gap of their distance. All peers have the same seconds.
    """
    seconds, seeds = (QUICK_S, 1) if options.quick else (options.seconds, options.seeds)
    known = read_best_known(options.best_known)
    with work_of("pdptw", options.instances) as (folder, source):
        instances = read_folder(folder, read_li_lim, options.only)
    who = (OURS, *PEERS) if options.peers else (OURS,)
    jobs = [
        Job(name, one, Effort(seconds, seed, VEHICLE_COST, options.processor_time))
        for one in instances
        for seed in range(1, seeds + 1)
        for name in who
    ]
    runs = run_jobs(jobs, options.jobs)
    by_solver = {name: [run for run in runs if run.who == name] for name in who}
    rows = {one.name: _row(one, known.get(one.name.lower()), by_solver) for one in instances}
    work = {
        "instances_of": source,
        "seconds": seconds,
        "seeds": seeds,
        "processor_time": options.processor_time,
    }
    if options.json:
        work["instances"] = rows
    else:
        _print_rows(rows, who)
    ours = by_solver.pop(OURS)
    return Record(
        "pdptw",
        work,
        figures_of(known, ours),
        {name: _peer(name, known, them) for name, them in by_solver.items()},
    )


def figures_of(known: Mapping[str, Known], runs: Sequence[Run]) -> dict[str, float]:
    """Return the figures of one solver; the totals are over the instances that it solved."""
    best = list(best_runs(runs))
    pairs = [(run, there) for run in best if (there := known.get(run.name.lower())) is not None]
    equal = [(run, there) for run, there in pairs if len(run.tours) == there.vehicles]
    gaps = [there.gap(run.cost) for run, there in equal]
    figures: dict[str, float] = {
        "instances": len({run.name for run in runs}),
        "vehicles": sum(len(run.tours) for run in best),
        "distance": sum(run.cost for run in best),
        "infeasible": sum(not run.feasible for run in runs),
    }
    if pairs:
        figures["best_known_vehicles"] = sum(there.vehicles for _, there in pairs)
        figures["best_known_distance"] = sum(there.cost for _, there in pairs)
        figures["vehicles_equal"] = len(equal) / len(pairs)
        figures["fewer_vehicles"] = sum(len(run.tours) < there.vehicles for run, there in pairs)
    if gaps:
        figures["mean_gap"] = fmean(gaps)
        figures["worst_gap"] = max(gaps)
    return figures


def best_runs(runs: Sequence[Run]) -> Iterable[Run]:
    """Yield the feasible run of each instance with the fewest vehicles and, of these, the least distance."""
    for name in sorted({run.name for run in runs if run.feasible}):
        several = [run for run in runs if run.name == name and run.feasible]
        yield min(several, key=lambda run: (len(run.tours), run.cost))


def _peer(name: str, known: Mapping[str, Known], runs: Sequence[Run]) -> str | dict[str, Any]:
    if any(run.missing for run in runs):
        return NOT_INSTALLED
    seconds = fmean(run.seconds for run in runs)
    return {"version": version_of(name), "mean_seconds": seconds, **figures_of(known, runs)}


def _row(
    one: Instance, there: Known | None, by_solver: Mapping[str, Sequence[Run]]
) -> dict[str, Any]:
    """Return vehicles and distance of the best run of every solver on an instance."""
    row: dict[str, Any] = {"rides": len(one.rides)}
    if there is not None:
        row["best_known"] = [there.vehicles, there.cost]
    for who, runs in by_solver.items():
        several = [run for run in runs if run.name == one.name]
        for run in best_runs(several):
            row[who] = [len(run.tours), round(run.cost, 4)]
        row.setdefault(who, next((run.faults[0] for run in several if run.faults), NOT_INSTALLED))
    return row


def _print_rows(rows: Mapping[str, Mapping[str, Any]], who: Sequence[str]) -> None:
    """Print vehicles and distance, side by side."""
    heads = ("best_known", *who)
    print(f"\n{'instance':<14}{'rides':>6}" + "".join(f"{head:>18}" for head in heads))
    for name, row in rows.items():
        cells = [_cell(row.get(head, "-")) for head in heads]
        print(f"{name:<14}{row['rides']:>6}" + "".join(f"{cell:>18}" for cell in cells))


def _cell(found: list[float] | str) -> str:
    if isinstance(found, str):
        return found if len(found) <= MOST_WIDTH else "infeasible"
    return f"{found[0]:.0f} / {found[1]:.2f}"

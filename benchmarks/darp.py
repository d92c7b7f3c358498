"""Static dial-a-ride: gap to the best known solutions, ours and OR-Tools' routing library in the same run."""

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.best_known import Known, read_best_known
from benchmarks.gaps import GROUPS, Standing
from benchmarks.instances import Instance, read_cordeau, read_folder
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.peers.tours import Effort, version_of
from benchmarks.record import Record
from benchmarks.runs import OURS, Job, Run, run_jobs, work_of

PEER = "ortools"
QUICK_S = 1.0
LARGE = 48
"""Rides from which on every run of ours should be ahead of the peer."""


def run(options: Namespace) -> Record:
    """Solve every instance of ``--instances`` for ``--seconds`` with ``--seeds`` seeds, each in one thread.

    Gaps are fractions above the best known value, over all feasible runs; the groups ``ab`` and ``r``
    follow from the file of best known values. The peer has the same seconds, once. ``--picture`` plots
    the gap over time.
    """
    seconds, seeds = (QUICK_S, 1) if options.quick else (options.seconds, options.seeds)
    known = read_best_known(options.best_known)
    with work_of("darp", options.instances) as (folder, source):
        instances = read_folder(folder, read_cordeau, options.only)
    effort = Effort(seconds, processor=options.processor_time)
    efforts = [replace(effort, seed=seed) for seed in range(1, seeds + 1)]
    jobs = [Job(OURS, one, each) for one in instances for each in efforts]
    if options.peers:
        jobs += [Job(PEER, one, effort) for one in instances]
    runs = run_jobs(jobs, options.jobs)
    ours = Standing(known, [run for run in runs if run.who == OURS])
    theirs = Standing(known, [run for run in runs if run.who == PEER and not run.missing])
    new = ours.new_best(instances)
    rows = {one.name: _row(one, known.get(one.name.lower()), ours, theirs) for one in instances}
    work = {
        "instances_of": source,
        "seconds": seconds,
        "seeds": seeds,
        "processor_time": options.processor_time,
    }
    if options.picture is not None:
        _draw(options.picture, ours, theirs, seconds)
    if options.json:
        work |= {"instances": rows, "new_best": new}
    else:
        _print_rows(rows)
    _announce(new)
    return Record(
        "darp",
        work,
        ours.figures() | _compared(instances, ours, theirs),
        {PEER: _peer(theirs)} if options.peers else {},
    )


def _compared(instances: Sequence[Instance], ours: Standing, theirs: Standing) -> dict[str, float]:
    """Return on how many of the larger instances every run of ours is ahead of the peer."""
    peers = {run.name: run for run in theirs.runs}
    large = [one.name for one in instances if len(one.rides) >= LARGE and one.name in peers]
    if not large:
        return {}
    behind = {
        run.name for run in ours.runs if run.name in peers and not _ahead(run, peers[run.name])
    }
    return {"large": len(large), f"large_ahead_of_{PEER}": len(set(large) - behind)}


def _ahead(run: Run, peer: Run) -> bool:
    return run.feasible and (not peer.feasible or run.cost < peer.cost)


def _row(one: Instance, there: Known | None, ours: Standing, theirs: Standing) -> dict[str, Any]:
    """Return everything about one instance."""
    runs = [run for run in ours.runs if run.name == one.name]
    costs = [run.cost for run in runs if run.feasible]
    row: dict[str, Any] = {
        "rides": len(one.rides),
        "best_known": there.cost if there else None,
        "group": there.group if there else None,
        "proven": there is not None and there.proven,
        "costs": [round(cost, 4) for cost in costs],
        "mean_gap": there.gap(fmean(costs)) if there and costs else None,
        "best_gap": there.gap(min(costs)) if there and costs else None,
        "faults": [fault for run in runs for fault in run.faults],
        "slowest_s": max(run.seconds for run in runs),
    }
    for peer in (run for run in theirs.runs if run.name == one.name):
        row[PEER] = round(peer.cost, 4) if peer.feasible else peer.faults[0]
    return row


def _peer(theirs: Standing) -> str | dict[str, Any]:
    """Return what is to be said of the peer."""
    if not theirs.runs:
        return NOT_INSTALLED
    gaps = {f"mean_gap_{group}": theirs.gaps(group) for group in GROUPS}
    return {
        "version": version_of(PEER),
        "instances": len(theirs.runs),
        "feasible": sum(run.feasible for run in theirs.runs),
        **{name: fmean(values) for name, values in gaps.items() if values},
    }


def _announce(new: Mapping[str, Mapping[str, Any]]) -> None:
    """Say on standard error which best known values have fallen, with tours and verdict."""
    for name, found in new.items():
        print(
            f"new best {name}: {found['cost']:.4f} instead of {found['best_known']:.2f},"
            f" {found['verdict']}; tours without the depot:",
            *(" ".join(map(str, tour)) for tour in found["tours"]),
            sep="\n  ",
            file=sys.stderr,
        )


def _print_rows(rows: Mapping[str, Mapping[str, Any]]) -> None:
    heads = ("known", "best", "mean gap", "best gap", PEER)
    print(f"\n{'instance':<14}{'rides':>6}" + "".join(f"{head:>11}" for head in heads))
    for name, row in rows.items():
        best = min(row["costs"], default=None)
        cells = [_cell(row["best_known"], ".2f"), _cell(best, ".2f")]
        cells += [_cell(row[key], ".3%") for key in ("mean_gap", "best_gap")]
        peer = row.get(PEER)
        cells.append(_cell(peer, ".2f") if not isinstance(peer, str) else "infeasible")
        print(f"{name:<14}{row['rides']:>6}" + "".join(f"{cell:>11}" for cell in cells))
        for fault in row["faults"]:
            print(f"  infeasible: {fault}")


def _cell(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _draw(picture: Path, ours: Standing, theirs: Standing, seconds: float) -> None:
    from benchmarks.pictures import gap_over_time

    lines = {
        f"{who}, {group.upper()}": traces
        for who, standing in ((OURS, ours), (PEER, theirs))
        for group in GROUPS
        if (traces := standing.traces(group))
    }
    gap_over_time(picture, lines, seconds)

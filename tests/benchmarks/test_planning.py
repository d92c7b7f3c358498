"""The benchmarks of static problems: figures, peers and records, without and with a solver."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import runs
from benchmarks.__main__ import main
from benchmarks.best_known import Known
from benchmarks.gaps import Standing
from benchmarks.instances import Instance, Node, read_cordeau, read_folder
from benchmarks.invented import invented
from benchmarks.pdptw import figures_of
from benchmarks.peers import ask, tours
from benchmarks.peers.environment import NOT_INSTALLED
from benchmarks.peers.errors import PeerError
from benchmarks.peers.tours import Effort, Planned, plan
from benchmarks.pictures import gap_over_time
from benchmarks.route_check import check, cost
from benchmarks.runs import OURS, Job, Run, perform, run_jobs

DEPOT = Node(0, 0, 0, 0, 0, 100)
LINE = Instance("Line", 1, 1, 100, 50, (DEPOT, Node(3, 4, 1, 1, 0, 90), Node(6, 8, 1, -1, 0, 90), DEPOT), ((1, 2),))  # fmt: skip


@pytest.fixture
def no_peers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUERGERBUS_PEERS", str(tmp_path / "peers"))
    monkeypatch.setattr(tours, "find_spec", lambda _: None)


def solved(name: str, value: float, seed: int = 1, vehicles: int = 1) -> Run:
    return Run(OURS, name, seed, [[1, 2]] * vehicles, value, trace=[(0.1, 2 * value), (0.5, value)])


def test_gaps_are_of_feasible_runs_by_group_and_optima_by_the_best_seed() -> None:
    known = {"a": Known(100.0, proven=True, group="ab"), "r": Known(200.0)}
    ours = [
        solved("A", 100.004),
        solved("A", 102.0, 2),
        solved("R", 210.0),
        Run(OURS, "R", 2, faults=["late"]),
    ]
    figures = Standing(known, [*ours, solved("unknown", 5.0)]).figures()
    assert figures["mean_gap_ab"] == pytest.approx(0.01, abs=1e-4)
    assert figures["mean_best_gap_ab"] == pytest.approx(0, abs=1e-4)
    assert figures["optimal_ab"] == 1
    assert figures["mean_gap_r"] == figures["worst_gap_r"] == pytest.approx(0.05)
    assert figures["infeasible"] == 1
    assert figures["below_optimal"] == 0


def test_below_a_proven_optimum_is_counted_and_below_best_known_is_a_record() -> None:
    known = {"line": Known(21.0, proven=True, group="ab")}
    run = Run(OURS, "Line", 1, [[1, 2]], cost(LINE, [[1, 2]]))
    assert Standing(known, [run]).figures()["below_optimal"] == 1
    assert Standing(known, [run]).new_best([LINE]) == {}
    (found,) = Standing({"line": Known(21.0)}, [run]).new_best([LINE]).values()
    assert found == {"cost": 20.0, "best_known": 21.0, "verdict": "feasible", "tours": [[1, 2]]}


def test_distance_is_compared_only_where_the_vehicles_are_equal() -> None:
    known = {"a": Known(100.0, vehicles=1), "b": Known(50.0, vehicles=2)}
    many = [solved("a", 110.0), solved("a", 90.0, 2, vehicles=2), solved("b", 40.0, vehicles=3)]
    figures = figures_of(known, many)
    assert figures["vehicles_equal"] == 0.5
    assert figures["mean_gap"] == pytest.approx(0.1)
    assert (figures["vehicles"], figures["best_known_vehicles"]) == (4, 3)
    assert figures["distance"] == pytest.approx(150)


def test_an_answer_that_breaks_a_rule_is_never_given_a_cost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "plan_ours", lambda *_: Planned([[2, 1]], 1.0, []))
    run = perform(Job(OURS, LINE, Effort(1.0)))
    assert not run.feasible
    assert run.cost == 0
    assert "before its pickup" in run.faults[0]


def test_a_peer_that_fails_costs_its_run_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PeerError("peer-failed", "crashed")

    monkeypatch.setattr(runs, "plan", fail)
    run = perform(Job("pyvrp", LINE, Effort(1.0)))
    assert run.faults == ["crashed"]
    assert not run.missing


def test_a_crash_of_ours_is_a_fault_of_that_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "plan_ours", lambda *_: 1 / 0)
    run = perform(Job(OURS, LINE, Effort(1.0)))
    assert "ZeroDivisionError" in run.faults[0]
    assert not run.feasible


def test_a_peer_that_does_not_stop_is_ended() -> None:
    with pytest.raises(PeerError, match="did not end"):
        ask.run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)


@pytest.mark.usefixtures("no_peers")
def test_peers_that_are_missing_are_none() -> None:
    for module in ("ortools", "pyvrp", "vroom"):
        assert plan(module, LINE, Effort(1.0)) is None
        assert perform(Job(module, LINE, Effort(1.0))).missing


@pytest.mark.parametrize("processor", [False, True])
def test_ortools_answers_what_the_checker_accepts(processor: bool) -> None:  # noqa: FBT001
    with invented("darp") as folder:
        one = read_folder(folder, read_cordeau)[0]
    found = plan("ortools", one, Effort(0.5, processor=processor))
    assert found is not None
    assert check(one, found.tours, runs.WHOLE_NUMBERS) == []
    assert found.trace[-1][1] == pytest.approx(cost(one, found.tours), abs=0.1)


def test_runs_in_several_processes_are_those_of_one() -> None:
    with invented("darp") as folder:
        jobs = [Job(OURS, one, Effort(0.3)) for one in read_folder(folder, read_cordeau)[:2]]
    one, two = run_jobs(jobs, 1), run_jobs(jobs, 2)
    assert [(run.name, run.feasible) for run in one] == [(run.name, run.feasible) for run in two]
    assert all(run.feasible for run in two)


@pytest.mark.usefixtures("no_peers")
@pytest.mark.parametrize(("name", "peers"), [("darp", ["ortools"]), ("pdptw", ["pyvrp", "vroom"])])
def test_without_instances_invented_ones_are_solved_and_nothing_else_is_on_standard_output(
    name: str, peers: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--quick", "--json"]) == 0
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    assert record["figures"]["infeasible"] == 0
    assert record["peers"] == dict.fromkeys(peers, NOT_INSTALLED)
    assert len(record["work"]["instances"]) == 3
    assert "invented" in captured.err


def test_known_values_give_the_promised_figures_and_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.csv"
    known.write_text(
        "set,instance,cost,status\nab,invented-1,1,optimal\nR,invented-2,9999,best known\n"
    )
    with invented("darp") as folder:
        words = [
            "--instances",
            str(folder),
            "--best-known",
            str(known),
            "--only",
            "*-[12]",
            "--no-peers",
        ]
        assert (
            main(["darp", *words, "--quick", "--json", "--picture", str(tmp_path / "gap.svg")]) == 0
        )
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    promised = {
        "mean_gap_ab",
        "mean_gap_r",
        "worst_gap_r",
        "optimal_ab",
        "infeasible",
        "below_optimal",
    }
    assert set(record["figures"]) >= promised
    assert record["figures"]["optimal_ab"] == 0
    assert record["work"]["new_best"]["invented-2"]["verdict"] == "feasible"
    assert "new best invented-2" in captured.err
    assert record["peers"] == {}
    assert "ours, AB" in re.sub(r"<!--|-->", "", (tmp_path / "gap.svg").read_text(encoding="utf-8"))


def test_the_table_lists_every_instance(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("darp", "pdptw"):
        assert main([name, "--quick", "--no-peers"]) == 0
        out = capsys.readouterr().out
        assert all(f"invented-{k}" in out for k in (1, 2, 3))


def test_wrong_files_end_with_one_line_and_2(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("nonsense")
    command = [sys.executable, "-m", "benchmarks", "darp", "--instances", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_a_line_begins_when_every_run_has_a_plan(tmp_path: Path) -> None:
    gap_over_time(tmp_path / "gap.svg", {"ours": [[(0.5, 0.2), (2.0, 0.0)], [(1.0, 0.1)]]}, 10.0)
    text = re.sub(r"<!--|-->", "", (tmp_path / "gap.svg").read_text(encoding="utf-8"))
    assert "ours (2 runs)" in text

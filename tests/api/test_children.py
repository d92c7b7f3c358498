"""Improving processes that hang, die or talk nonsense cost their time and a line in the log, nothing else."""

import subprocess
import sys
import threading
import time
from collections.abc import MutableMapping, Sequence
from typing import Any

import numpy as np
import psutil
import pytest
from structlog.testing import capture_logs

from api.children import Children, Task
from dispatch.events import State
from dispatch.model import Travel
from dispatch.policy import Policy

NOWHERE = Travel(np.zeros((1, 1), np.int32), np.zeros((1, 1), np.int32))
READ = "import pickle, sys; task = pickle.load(sys.stdin.buffer); "


def task(within_s: float = 20.0) -> Task:
    return Task(State(Policy(), NOWHERE), 0, 0.1, within_s, 1)


def saying(code: str) -> tuple[str, ...]:
    return sys.executable, "-c", code


def failures(logs: Sequence[MutableMapping[str, Any]]) -> list[str]:
    return [line["why"] for line in logs if line["event"] == "improving process failed"]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended with -11"),
        ("import os; os._exit(3)", "ended with 3"),
        ("raise MemoryError", "ended with 1"),
        ("print('better!')", "gave no answer"),
        ("", "gave no answer"),
        (READ + "pickle.dump({'tours': 1}, sys.stdout.buffer)", "answered something else"),
    ],
)
def test_a_process_that_fails_is_one_line_in_the_log(code: str, why: str) -> None:
    with capture_logs() as logs:
        assert Children(saying(code)).run([task()]) == []
    assert failures(logs) == [why]


@pytest.mark.parametrize(
    "code",
    ["import time; time.sleep(60)", "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"],
)
def test_a_process_that_hangs_is_killed_when_its_time_is_over(code: str) -> None:
    begun = time.monotonic()
    with capture_logs() as logs:
        assert Children(saying(code)).run([task(within_s=0.5)]) == []
    assert time.monotonic() - begun < 10
    assert failures(logs) == ["hangs"]


def test_one_failure_does_not_spoil_the_other_answer() -> None:
    """Of two searches one dies; what the other found comes back."""
    code = READ + (
        "from dispatch.events import ImprovementFound; "
        "task.seed == 1 and sys.exit(9); pickle.dump(ImprovementFound({}), sys.stdout.buffer)"
    )
    tasks = [task(), Task(State(Policy(), NOWHERE), 0, 0.1, 20.0, 2)]
    with capture_logs() as logs:
        assert len(Children(saying(code)).run(tasks)) == 1
    assert failures(logs) == ["ended with 9"]


def test_closing_kills_what_runs_and_starts_nothing_more() -> None:
    children = Children(saying("import time; time.sleep(60)"))
    answers: list[object] = []
    waiting = threading.Thread(target=lambda: answers.append(children.run([task()])))
    begun = time.monotonic()
    with capture_logs() as logs:
        waiting.start()
        while not children._running:
            time.sleep(0.01)
        children.close()
        waiting.join()
        assert children.run([task()]) == []
    assert answers == [[]]
    assert time.monotonic() - begun < 10
    assert failures(logs) == []


def test_the_real_process_answers_nothing_for_an_empty_day_and_says_nothing_else() -> None:
    with capture_logs() as logs:
        assert Children().run([task(within_s=280.0)]) == []
    assert failures(logs) == []


def test_who_improves_ends_with_the_server() -> None:
    """A server that is killed leaves nobody behind who searches on."""
    child = "import os; from api.improver import watch; watch(); print(os.getpid(), flush=True); input()"
    server = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
        until = time.monotonic() + 20
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < until, "it is still there"
            time.sleep(0.05)

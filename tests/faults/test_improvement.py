"""An improving process that hangs, dies, is silent or wrong: answers go on, the checker refuses, it rings."""

import sys
from datetime import timedelta
from typing import Any

import pytest

from api.children import Children
from api.effort import Effort
from api.improving import Improver

READ = "import pickle, sys; task = pickle.load(sys.stdin.buffer); from dispatch.events import ImprovementFound; "
ANSWER = "; pickle.dump(found, sys.stdout.buffer)"
FAULTS = {
    "hangs": "import time; time.sleep(60)",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "is silent": "",
    "is wrong": READ
    + "t = task.state.tours; found = ImprovementFound({k: type(t[k])(k) for k in t}, t)"
    + ANSWER,
}
SOUND = READ + "found = None" + ANSWER


def improver_of(server: Any, code: str) -> Improver:
    effort = Effort(timedelta(minutes=2), 0.1, 1)
    return Improver(server.services.context, effort, Children((sys.executable, "-c", code)))


def alarms_of(server: Any) -> list[str]:
    return [alarm["code"] for alarm in server.client.get("/health").json()["alarms"]]


@pytest.mark.parametrize("what", FAULTS)
def test_answers_go_on_and_it_rings(start: Any, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr("api.improving._START_S", 2.0)
    server = start(improve=False)
    server.book(server.place(0, 0), server.place(6, 6), depart_at=server.at("09:00"))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(improver_of(server, FAULTS[what]).run)
        for column in range(1, 4):  # while it runs, somebody books and somebody looks
            ends = server.place(column, 0), server.place(column, 6)
            server.book(*ends, depart_at=server.at("10:00"))
            assert server.tours()["tours"]
        running.result()
    before = server.tours()
    improver_of(server, FAULTS[what]).run()  # now nothing else changes the day
    assert alarms_of(server) == ["improvement-failing"]
    assert server.tours() == before
    improver_of(server, SOUND).run()
    assert alarms_of(server) == []

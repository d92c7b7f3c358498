"""Plans get better in the background; whatever the search does, nobody is told less than before."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.children import Children
from api.day import Day, broken_in
from api.effort import Effort
from api.improving import Improver
from api.jobs import start_jobs
from dispatch.events import State
from dispatch.improve.day import find_improvement
from dispatch.improve.stop import MaxIterations
from dispatch.objective import cost_of

AREA = "talheim"
EFFORT = Effort(timedelta(minutes=2), 1.0, 1)
READ = "import pickle, sys; task = pickle.load(sys.stdin.buffer); from dispatch.events import ImprovementFound; "
ANSWER = "; pickle.dump(found, sys.stdout.buffer)"
NONSENSE = {
    "everybody is dropped": "t = task.state.tours; found = ImprovementFound({k: type(t[k])(k) for k in t}, t)",
    "backwards": (
        "t = task.state.tours; "
        "found = ImprovementFound({k: type(t[k])(k, t[k].visits[::-1]) for k in t}, t)"
    ),
    "twice": (
        "t = task.state.tours; "
        "found = ImprovementFound({k: type(t[k])(k, t[k].visits * 2) for k in t}, t)"
    ),
    "no tours at all": "found = ImprovementFound({'frueh': 5}, {'frueh': None})",
    "an unknown bus": "t = task.state.tours; found = ImprovementFound({'spaet': t['frueh']}, {})",
    "nothing new": "t = task.state.tours; found = ImprovementFound(dict(t), dict(t))",
}


def improver_of(server: Any, *command: str) -> Improver:
    children = Children(command) if command else Children()
    return Improver(server.services.context, EFFORT, children)


def present(server: Any, day: date) -> Day:
    context = server.services.context
    with context.locked(AREA, day) as slot, context.database.reading() as reader:
        found: Day = slot.present(reader)
        return found


def state_of(server: Any, day: date) -> State:
    return present(server, day).state


def told(server: Any, day: date) -> dict[str, Any]:
    return {key: booking.promise for key, booking in state_of(server, day).bookings.items()}


def improvable(server: Any) -> date:
    """Book random rides, day after day, until a day's plan can be improved; then go to its early morning."""
    random = Random(1)
    for ahead in range(13):
        day = date(2026, 3, 30) + timedelta(days=ahead)
        for _ in range(10):
            ends = [server.place(random.randrange(8), random.randrange(8)) for _ in range(2)]
            time = f"{random.randrange(9, 12):02}:{random.randrange(6)}0"
            offers = (
                ends[0] != ends[1] and server.ask(*ends, depart_at=server.at(time, day))["offers"]
            )
            if offers:
                server.take(offers[0])
        if find_improvement(state_of(server, day), 0, MaxIterations(3_000)) is not None:
            server.clock.move(days=ahead)
            return day
    pytest.fail("no day that can be improved in two weeks of random rides")


def test_a_better_plan_is_found_in_another_process_and_taken(start: Any) -> None:
    """The plan costs less, every promise is as told, the checker is silent, and so it is stored."""
    server = start()
    day = improvable(server)
    before, promises = state_of(server, day), told(server, day)
    improver = improver_of(server)
    with capture_logs() as logs:
        improver.run()
    (line,) = [line for line in logs if line["event"] == "plan improved"]
    assert line["day"] == day.isoformat()
    after = state_of(server, day)
    assert after.version > before.version
    assert cost_of(after, after.tours) < cost_of(before, after.tours)
    assert told(server, day) == promises
    assert broken_in(present(server, day)) == []
    assert improver.last is not None
    assert (improver.last.area_id, improver.last.service_date) == (AREA, day)
    shown = server.tours(day)
    restarted = start(server.clock.now())
    assert restarted.tours(day) == shown


def test_health_tells_the_last_improvement(server: Any) -> None:
    assert server.client.get("/health").json()["improvement"] is None
    day = improvable(server)
    improver = server.client.app.state.improver
    improver.effort = EFFORT
    assert improver.improve(AREA, day)
    (shown,) = [server.client.get("/health").json()["improvement"]]
    assert (shown["area_id"], shown["service_date"]) == (AREA, day.isoformat())
    assert shown["saved_km"] == round(improver.last.saved_km, 1)


@pytest.mark.parametrize("what", NONSENSE)
def test_a_wrong_answer_changes_nothing(server: Any, what: str) -> None:
    """What breaks a promise, loses a ride or is no plan at all is refused, with a line in the log."""
    server.book(server.place(0, 0), server.place(6, 6), depart_at=server.at("09:00"))
    server.book(server.place(6, 1), server.place(1, 5), depart_at=server.at("10:00"))
    day = date(2026, 3, 30)
    before, tours = state_of(server, day), server.tours()
    improver = improver_of(server, sys.executable, "-c", READ + NONSENSE[what] + ANSWER)
    with capture_logs() as logs:
        improver.run()
    dropped = {"improvement dropped", "improvement failed", "plan refused by the checker"}
    assert [line["event"] for line in logs if line["event"] in dropped]
    assert state_of(server, day) is before
    assert server.tours() == tours
    assert improver.last is None


def test_a_booking_during_the_search_wins(server: Any) -> None:
    """The tours are others when the answer comes: it is dropped, the booking stays."""
    day = improvable(server)
    improver = improver_of(server)
    picture = present(server, day)
    found = improver.children.run(list(improver._tasks(picture, picture.state)))
    assert found
    booked = [
        server.book(server.place(0, 7), server.place(7, 0), depart_at=server.at(f"{hour}:00", day))
        for hour in ("08", "12")
        if server.ask(
            server.place(0, 7), server.place(7, 0), depart_at=server.at(f"{hour}:00", day)
        )["offers"]
    ]
    assert booked
    before = state_of(server, day)
    with capture_logs() as logs:
        assert not improver._take(picture, found[0])
    assert [(line["event"], line["why"]) for line in logs] == [("improvement dropped", "outdated")]
    assert state_of(server, day) is before


def test_a_day_built_anew_meanwhile_drops_the_answer(server: Any) -> None:
    """Its places have other numbers: what was found speaks of other doors."""
    day = improvable(server)
    improver = improver_of(server)
    picture = present(server, day)
    found = improver.children.run(list(improver._tasks(picture, picture.state)))
    with server.services.context.locked(AREA, day) as slot:
        slot.empty()
    with capture_logs() as logs:
        assert not improver._take(picture, found[0])
    assert logs[-1]["why"] == "outdated"


def test_what_found_nothing_is_not_tried_again_until_something_changes(
    server: Any, tmp_path: Path
) -> None:
    server.book(server.place(0, 0), server.place(6, 6), depart_at=server.at("09:00"))
    count = tmp_path / "count"
    code = READ + f"found = None; open({str(count)!r}, 'a').write('.')" + ANSWER
    improver = improver_of(server, sys.executable, "-c", code)
    improver.run()
    improver.run()
    assert count.read_text() == "."
    server.book(server.place(6, 1), server.place(1, 5), depart_at=server.at("10:00"))
    improver.run()
    assert count.read_text() == ".."


def test_days_far_ahead_and_days_without_rides_are_left_alone(server: Any) -> None:
    improver = improver_of(server, sys.executable, "-c", "raise SystemExit(1)")
    far = {"depart_at": server.at("09:00", date(2026, 4, 8))}
    server.book(server.place(0, 0), server.place(6, 6), **far)
    ride = server.book(server.place(0, 0), server.place(6, 6), depart_at=server.at("09:00"))
    server.client.delete(f"/v1/bookings/{ride['id']}")
    with capture_logs() as logs:
        improver.run()
    assert logs == []


@pytest.fixture
def jobs(server: Any) -> Sequence[str]:
    """Names of the jobs of a server that improves."""
    scheduler = start_jobs(server.services.context, improver_of(server))
    scheduler.stop()
    return list(scheduler.jobs)


def test_improving_is_a_job_that_can_be_turned_off(start: Any, jobs: Sequence[str]) -> None:
    usual = ["days", "forget", "measure", "roster", "seal", "standing", "tidy"]
    assert sorted(jobs) == sorted([*usual, "improve"])
    assert start(improve=False).client.app.state.improver is None
    effort = start(
        improve_every_min=5, improve_seconds=3, improve_cores=1
    ).client.app.state.improver.effort
    assert effort == Effort(timedelta(minutes=5), 3, 1)


def test_the_server_never_loads_the_solver() -> None:
    """Law: neither OR-Tools nor the search is imported by what runs in the server's process."""
    code = "import sys, api.server; print(*(m for m in sys.modules if m.startswith(('ortools', 'dispatch.i', 'dispatch.exact'))))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "dispatch.insertion" in done.stdout
    assert "dispatch.improve" not in done.stdout
    assert "ortools" not in done.stdout
    assert "dispatch.exact" not in done.stdout

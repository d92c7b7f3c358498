"""What is forgotten, and when."""

from datetime import date
from typing import Any

from api.jobs import forget_days, start_jobs, tidy
from api.people.this_machine import AT_THIS_MACHINE


def test_kept_answers_go_after_a_day(server: Any) -> None:
    wish = {"depart_at": server.at("09:00", date(2026, 4, 2))}
    offer = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"][0]
    server.take(offer, key="k")
    database = server.services.context.database
    for hours, kept in ((23, True), (2, False)):
        server.clock.move(hours=hours)
        tidy(server.services.context)
        with database.reading() as reader:
            assert (reader.kept_answer("bookings", "k") is not None) is kept


def test_refusals_lose_their_addresses_after_a_month(server: Any) -> None:
    origin = server.place(0, 0, "Bei Oma")
    server.ask(origin, server.place(4, 4), depart_at=server.at("23:00"))
    for days, name in ((29, "Bei Oma"), (2, "48.4, 9.1")):
        server.clock.move(days=days)
        tidy(server.services.context)
        tidy(server.services.context)  # running twice changes nothing more
        (refused,) = server.services.refusals(AT_THIS_MACHINE, date(2026, 3, 30)).refusals
        assert refused.origin == name


def test_past_days_leave_memory_and_come_back(server: Any) -> None:
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    shown = server.tours()
    days = server.services.context.days
    server.clock.move(days=3)
    forget_days(server.services.context)
    with days.locked("talheim", date(2026, 3, 30)) as slot:
        assert slot._day is None
    assert server.tours() == shown


def test_jobs_run_in_utc_and_make_up_for_lost_time(server: Any) -> None:
    scheduler = start_jobs(server.services.context)
    try:
        assert str(scheduler.started.timezone) == "UTC"
        assert {job.id for job in scheduler.started.get_jobs()} == {
            "days",
            "forget",
            "measure",
            "roster",
            "seal",
            "standing",
            "tidy",
        }
        assert all(job.coalesce for job in scheduler.started.get_jobs())
        assert all(job.misfire_grace_time is None for job in scheduler.started.get_jobs())
    finally:
        scheduler.stop()


def test_a_timetable_that_ends_rings(start: Any, with_line: Any) -> None:
    """Bus 7 is known until 17 April: two weeks before, and after, somebody is told."""
    server = start(regions={"talheim": with_line})
    context = server.services.context
    job = server.client.app.state.scheduler.jobs["timetable-end"]
    for days, ringing in ((0, False), (4, False), (1, True), (30, True)):
        server.clock.move(days=days)
        job.run()
        assert [alarm.code for alarm in context.alarms.ringing()] == ["timetable-ends"] * ringing
    server.clock.move(days=-35)
    job.run()
    assert context.alarms.ringing() == ()

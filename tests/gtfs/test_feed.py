"""A good feed becomes the timetable it describes."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from gtfs.archive import Limits
from gtfs.errors import FeedError
from gtfs.feed import read_feed
from gtfs.report import FeedReport, Severity
from gtfs.timetable import Timetable

Zipped = Callable[[Mapping[str, str | bytes]], Path]


def spelt(timetable: Timetable) -> str:
    """Every trip as one readable line."""
    lines = []
    for trip, trip_id in enumerate(timetable.trip_id):
        rows = range(*timetable.first_stop_time[trip : trip + 2])
        halts = " ".join(
            f"{timetable.stop_id[timetable.stop_time_stop[row]]}"
            f" {timetable.arrival_s[row] // 60}/{timetable.departure_s[row] // 60}"
            for row in rows
        )
        route = timetable.route_short_name[timetable.trip_route[trip]]
        service = timetable.service_id[timetable.trip_service[trip]]
        lines.append(f"{trip_id} {route} {service} > {timetable.trip_headsign[trip]}: {halts}")
    return "\n".join(lines)


def codes(report: FeedReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_feed_becomes_its_trips_in_minutes(village: dict[str, str], zipped: Zipped) -> None:
    timetable, report = read_feed(zipped(village))
    assert spelt(timetable) == (
        "bus1 773 wk > Mühle: bf2 420/425 ki 432/432 mu 440/440\n"
        "bus2 773 wk > Bahnhof Steig 2: mu 1020/1020 ki 1030/1030 bf2 1040/1040\n"
        "night S1 daily > Stadt: ki 1430/1430 bf1 1510/1512 mu 1530/1530"
    )
    assert timetable.time_zone == "Europe/Berlin"
    assert timetable.route_type.tolist() == [109, 704]
    assert timetable.headsigns == ("Mühle über Wald",)
    # the unused stop is left out, the station of a platform stays
    assert timetable.stop_id == ("bf", "bf1", "bf2", "ki", "mu")
    assert timetable.stop_station.tolist() == [-1, 0, 0, -1, -1]
    assert codes(report) == ["time-estimated", "unused-stop"]
    assert report.counts["stops_unused"] == 1
    assert (report.first_day, report.last_day) == (date(2026, 3, 2), date(2026, 4, 17))


def test_both_calendars_make_the_days(village: dict[str, str], zipped: Zipped) -> None:
    timetable, _ = read_feed(zipped(village))
    weekly, daily = timetable.service_id.index("wk"), timetable.service_id.index("daily")

    def runs(service: int, month: int, day: int) -> bool:
        return bool(timetable.running_on(date(2026, month, day))[service])

    assert runs(weekly, 3, 2)
    assert not runs(weekly, 3, 7)  # a Saturday
    assert not runs(weekly, 4, 6)  # taken out
    assert runs(weekly, 4, 5)  # a Sunday put in
    assert runs(daily, 4, 17)
    assert not runs(daily, 4, 18)
    assert not runs(daily, 3, 1)


def test_a_feed_of_single_dates_only_is_fine(village: dict[str, str], zipped: Zipped) -> None:
    del village["calendar.txt"]
    village["calendar_dates.txt"] = (
        "service_id,date,exception_type\nwk,20260405,1\ndaily,20260406,1\n"
    )
    timetable, report = read_feed(zipped(village))
    assert (report.first_day, report.last_day) == (date(2026, 4, 5), date(2026, 4, 6))
    assert timetable.service_days.tolist() == [[True, False], [False, True]]


def test_byte_order_marks_and_crlf_do_no_harm(village: dict[str, str], zipped: Zipped) -> None:
    plain, _ = read_feed(zipped(village))
    odd = {name: "\ufeff" + text.replace("\n", "\r\n") for name, text in village.items()}
    timetable, _ = read_feed(zipped(odd))
    assert spelt(timetable) == spelt(plain)


def test_foreign_files_and_columns_are_ignored(village: dict[str, str], zipped: Zipped) -> None:
    village["frecuencias.txt"] = "a,b\n1,2,3\n"
    village["__MACOSX/._stops.txt"] = "junk"
    village["routes.txt"] = "Strange " + village["routes.txt"].replace("route_id", "x,route_id", 1)
    village["routes.txt"] = village["routes.txt"].replace("\ns1", "\n,s1").replace("\nb7", "\n,b7")
    timetable, _ = read_feed(zipped(village))
    assert timetable.route_id == ("s1", "b773")


def test_frequencies_are_spelt_out(village: dict[str, str], zipped: Zipped) -> None:
    village["frequencies.txt"] = (
        "trip_id,start_time,end_time,headway_secs\n"
        "bus1,08:00:00,10:00:00,3600\nbus1,10:00:00,10:30:01,1800\nbus1,12:00:00,12:00:00,60\n"
    )
    timetable, _ = read_feed(zipped(village))
    assert timetable.trip_id == (
        "bus1@08:00:00",
        "bus1@09:00:00",
        "bus1@10:00:00",
        "bus1@10:30:00",
        "bus2",
        "night",
    )
    # a start time is the departure from the first stop
    assert "bus1@10:30:00 773 wk > Mühle: bf2 625/630 ki 637/637 mu 645/645" in spelt(timetable)


def test_on_demand_rows_are_left_out_with_a_warning(
    village: dict[str, str], zipped: Zipped
) -> None:
    village["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,start_pickup_drop_off_window\n"
        "bus1,7:00:00,7:00:00,ki,1,\nbus1,,,zone,2,7:00:00\nbus1,8:00:00,8:00:00,mu,3,\n"
        "bus2,,,zone,1,7:00:00\nnight,7:00:00,7:00:00,ki,1,\n"
    )
    timetable, report = read_feed(zipped(village))
    assert timetable.trip_id == ("bus1",)
    assert len(timetable.stop_time_stop) == 2
    assert codes(report) == [
        "trip-without-stops",
        "unused-stop",
        "on-demand-left-out",
        "bad-window",
        "bad-window",
    ]
    assert "first night" in str(report.findings[0])


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2026, 4, 18), "feed-ended"),
        (date(2026, 4, 17), "feed-ends-soon"),
        (date(2026, 4, 4), "feed-ends-soon"),
        (date(2026, 3, 1), "feed-not-begun"),
        (date(2026, 3, 20), None),
    ],
)
def test_the_report_knows_when_a_feed_ends(
    village: dict[str, str], zipped: Zipped, today: date, code: str | None
) -> None:
    _, report = read_feed(zipped(village), today=today)
    assert [c for c in codes(report) if c.startswith("feed-")] == ([code] if code else [])


def test_endless_calendars_are_cut_around_today(village: dict[str, str], zipped: Zipped) -> None:
    village["calendar.txt"] = village["calendar.txt"].replace("20260302", "19700101")
    village["calendar.txt"] = village["calendar.txt"].replace("20260417", "20991231")
    today = date(2026, 3, 2)
    timetable, report = read_feed(zipped(village), limits=Limits(days=800), today=today)
    assert "calendar-long" in codes(report)
    assert timetable.service_days.shape[1] == 800
    assert timetable.running_on(today).all()
    assert report.first_day == date(2025, 3, 1)


def test_the_report_is_plain_json(village: dict[str, str], zipped: Zipped) -> None:
    _, report = read_feed(zipped(village))
    assert report.warnings[0].startswith("stop_times.txt, line 5: trip bus2 has no time at ki")
    data = report.as_dict()
    assert data["first_day"] == "2026-03-02"
    assert data["findings"][0] == {
        "severity": "warning",
        "code": "time-estimated",
        "message": "trip bus2 has no time at ki; estimated from its neighbours.",
        "file": "stop_times.txt",
        "line": 5,
    }


def test_all_errors_of_a_step_are_told(village: dict[str, str], zipped: Zipped) -> None:
    del village["stops.txt"], village["trips.txt"]
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(village))
    assert caught.value.message == "stops.txt is missing in the feed. (1 more problems)"
    assert [f.severity for f in caught.value.findings] == [Severity.ERROR] * 2

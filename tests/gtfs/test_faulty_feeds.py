"""Each fault of a feed is refused or warned about under its own code, with its place."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gtfs.errors import FeedError
from gtfs.feed import read_feed

Zipped = Callable[[Mapping[str, str | bytes]], Path]

# file, text to replace, replacement, code, beginning of the message
REFUSED = [
    ("stops.txt", "stop_name", "name", "missing-column", "stops.txt, line 1: the column stop_name"),
    ("routes.txt", "\ns1,", "\n,", "missing-value", "routes.txt, line 2: route_id is empty"),
    ("routes.txt", "109", "bus", "bad-number", "routes.txt, line 2: route_type must be a whole"),
    ("routes.txt", "109", "99999999999", "bad-number", "routes.txt, line 2: route_type must be"),
    ("stops.txt", "48.7000", "48,7", "too-many-fields", "stops.txt, line 7: the row has 7 fields"),
    ("stops.txt", "48.6001", "north", "bad-number", "stops.txt, line 3: stop_lat must be a number"),
    ("stops.txt", "48.6100", "", "missing-coordinates", "stops.txt, line 5: stop ki has no coord"),
    ("stops.txt", "48.6100", "148.61", "bad-coordinates", "stops.txt, line 5: stop ki lies at 148"),
    ("stops.txt", "\nki,", "\nmu,", "duplicate-id", "stops.txt, line 6: stop_id mu is there twice"),
    (
        "stops.txt",
        "0,bf\n",
        "0,bg\n",
        "dangling-reference",
        "stops.txt, line 3: station bg of stop",
    ),
    ("trips.txt", "bus2", "bus1", "duplicate-id", "trips.txt, line 3: trip_id bus1 is there twice"),
    (
        "trips.txt",
        "\ns1,",
        "\ns9,",
        "dangling-reference",
        "trips.txt, line 4: route s9 of trip night",
    ),
    ("trips.txt", "daily", "never", "dangling-reference", "trips.txt, line 4: service never of"),
    (
        "stop_times.txt",
        "\nnight",
        "\nday",
        "dangling-reference",
        "stop_times.txt, line 8: trip day",
    ),
    ("stop_times.txt", "mu,10", "moo,10", "dangling-reference", "stop_times.txt, line 6: stop moo"),
    (
        "stop_times.txt",
        "25:10:00",
        "25:10",
        "bad-time",
        "stop_times.txt, line 9: arrival_time must",
    ),
    (
        "stop_times.txt",
        "25:12:00",
        "25:09:00",
        "time-runs-backwards",
        "stop_times.txt, line 9: trip",
    ),
    (
        "stop_times.txt",
        "7:12:00,7:",
        "7:04:00,7:",
        "time-runs-backwards",
        "stop_times.txt, line 3:",
    ),
    (
        "stop_times.txt",
        "17:20:00,17:20:00",
        ",",
        "missing-time",
        "stop_times.txt, line 7: trip bus2",
    ),
    ("stop_times.txt", "ki,20", "ki,30", "duplicate-stop-sequence", "stop_times.txt, line 7: trip"),
    (
        "calendar.txt",
        "wk,1,1",
        "wk,1,2",
        "bad-value",
        "calendar.txt, line 2: tuesday must be 0 or 1",
    ),
    ("calendar.txt", "20260302", "2026-03-02", "bad-date", "calendar.txt, line 2: start_date must"),
    (
        "calendar.txt",
        "20260417",
        "20260431",
        "bad-date",
        "calendar.txt, line 2: end_date must be a",
    ),
    (
        "calendar.txt",
        "\ndaily",
        "\nwk",
        "duplicate-id",
        "calendar.txt, line 3: service wk is there",
    ),
    (
        "calendar_dates.txt",
        "406,2",
        "406,3",
        "bad-value",
        "calendar_dates.txt, line 2: exception_t",
    ),
    (
        "calendar_dates.txt",
        "20260406",
        "6.4.26",
        "bad-date",
        "calendar_dates.txt, line 2: date must",
    ),
    (
        "agency.txt",
        "Europe/Berlin",
        "Berlin",
        "bad-time-zone",
        "agency.txt, line 2: 'Berlin' is no",
    ),
    (
        "agency.txt",
        "Europe/Berlin",
        "../x{}",
        "bad-time-zone",
        "agency.txt, line 2: '../x{}' is no",
    ),
]

WARNED = [
    ("stops.txt", "Kirche", "", "stop-without-name", "stops.txt, line 5: stop ki has no name"),
    ("stops.txt", "48.6100,8.8800", "0,0.1", "null-island", "stops.txt, line 5: stop ki lies at 0"),
    ("stops.txt", "48.6200,8.8900", "48.61,8.88001", "stops-close", "stops.txt, line 5: stop ki"),
    ("stops.txt", "8.8900,", "8.8900,9", "bad-value", "stops.txt, line 6: location_type must be"),
    (
        "routes.txt",
        "773,Bahnhof - Mühle",
        ",",
        "route-without-name",
        "routes.txt, line 3: route b7",
    ),
    (
        "routes.txt",
        "773,Bahnhof - Mühle",
        "A,A",
        "route-names-equal",
        "routes.txt, line 3: route b",
    ),
    (
        "routes.txt",
        "773,Bahnhof - Mühle",
        "S1,",
        "route-name-repeated",
        "routes.txt, line 3: route",
    ),
    (
        "routes.txt",
        "s1,KVB",
        "s1,XXX",
        "dangling-agency",
        "routes.txt, line 2: route s1 belongs to",
    ),
    ("stop_times.txt", "mu,10", "mu,-1", "negative-stop-sequence", "stop_times.txt, line 6: stop_"),
    (
        "stop_times.txt",
        "7:00:00,7:05",
        ",7:05",
        "time-missing",
        "stop_times.txt, line 2: trip bus1",
    ),
    ("stop_times.txt", "Wald,2", "Wald,7", "bad-value", "stop_times.txt, line 3: pickup_type must"),
    (
        "calendar_dates.txt",
        "0405,1",
        "0406,1",
        "duplicate-exception",
        "calendar_dates.txt, line 3:",
    ),
    ("calendar.txt", "20260302", "20270101", "calendar-backwards", "calendar.txt, line 2: service"),
    (
        "agency.txt",
        "agency_url",
        "url",
        "missing-column",
        "agency.txt, line 1: the column agency_u",
    ),
]


def changed(feed: dict[str, str], file: str, old: str, new: str) -> dict[str, str]:
    assert old in feed[file]
    return feed | {file: feed[file].replace(old, new, 1)}


@pytest.mark.parametrize(("file", "old", "new", "code", "message"), REFUSED)
def test_refused(
    village: dict[str, str], zipped: Zipped, file: str, old: str, new: str, code: str, message: str
) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(changed(village, file, old, new)))
    assert (caught.value.code, caught.value.message[: len(message)]) == (code, message)


@pytest.mark.parametrize(("file", "old", "new", "code", "message"), WARNED)
def test_warned(
    village: dict[str, str], zipped: Zipped, file: str, old: str, new: str, code: str, message: str
) -> None:
    _, report = read_feed(zipped(changed(village, file, old, new)))
    found = {finding.code: str(finding) for finding in report.findings}
    assert code in found
    assert found[code].startswith(message)


@pytest.mark.parametrize("table", ["agency", "stops", "routes", "trips", "stop_times"])
def test_a_missing_or_empty_table_is_refused(
    village: dict[str, str], zipped: Zipped, table: str
) -> None:
    header = village[f"{table}.txt"].splitlines()[0]
    for text, code in ((None, "missing-file"), ("", "no-rows"), (header, "no-rows")):
        feed = village | ({f"{table}.txt": text} if text is not None else {})
        if text is None:
            del feed[f"{table}.txt"]
        with pytest.raises(FeedError, match=f"{table}.txt") as caught:
            read_feed(zipped(feed))
        assert caught.value.code == code


def test_no_calendar_at_all_is_refused(village: dict[str, str], zipped: Zipped) -> None:
    feed = {name: text for name, text in village.items() if "calendar" not in name}
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(feed))
    assert caught.value.code == "missing-file"
    header_only = feed | {"calendar.txt": village["calendar.txt"].splitlines()[0]}
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(header_only))
    assert caught.value.code == "no-rows"


@pytest.mark.parametrize(
    ("calendar_dates", "service"),
    [
        ("wk,20260406,2\ndaily,20260406,2\n", "the calendars name no day"),
        ("other,20260406,1\n", "no trip runs"),
    ],
)
def test_a_feed_without_service_is_refused(
    village: dict[str, str], zipped: Zipped, calendar_dates: str, service: str
) -> None:
    village["calendar.txt"] = village["calendar.txt"].replace("1,1,1,1,1,0,0", "0,0,0,0,0,0,0")
    village["calendar.txt"] = village["calendar.txt"].replace("1,1,1,1,1,1,1", "0,0,0,0,0,0,0")
    village["calendar_dates.txt"] = f"service_id,date,exception_type\n{calendar_dates}"
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(village))
    assert caught.value.code == "no-service"
    assert service in caught.value.message.lower()


def test_an_empty_optional_file_is_a_warning(village: dict[str, str], zipped: Zipped) -> None:
    _, report = read_feed(zipped(village | {"calendar_dates.txt": ""}))
    assert report.findings[0].code == "empty-file"


def test_on_demand_only_is_refused(village: dict[str, str], zipped: Zipped) -> None:
    village["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,location_group_id\n"
        "bus1,,,,1,everywhere\n"
    )
    with pytest.raises(FeedError, match="on-demand") as caught:
        read_feed(zipped(village))
    assert caught.value.code == "no-scheduled-trips"


def test_trips_that_go_nowhere_are_refused(village: dict[str, str], zipped: Zipped) -> None:
    lines = village["stop_times.txt"].splitlines()
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(village | {"stop_times.txt": "\n".join(lines[:2])}))
    assert caught.value.code == "no-scheduled-trips"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("bus1,8:00,9:00:00,60", "bad-time"),
        ("bus1,8:00:00,9:00:00,0", "bad-value"),
        ("bus1,8:00:00,9:00:00,x", "bad-number"),
        ("bus9,8:00:00,9:00:00,60", "dangling-reference"),
        ("bus1,8:00:00,,60", "missing-value"),
    ],
)
def test_bad_frequencies_are_refused(
    village: dict[str, str], zipped: Zipped, row: str, code: str
) -> None:
    village["frequencies.txt"] = f"trip_id,start_time,end_time,headway_secs\n{row}\n"
    with pytest.raises(FeedError, match=r"frequencies\.txt, line 2") as caught:
        read_feed(zipped(village))
    assert caught.value.code == code


def test_agencies_must_agree_on_the_time_zone(village: dict[str, str], zipped: Zipped) -> None:
    village["agency.txt"] += ",Andere,https://example.org,Europe/Vienna\n"
    with pytest.raises(FeedError, match="line 3") as caught:
        read_feed(zipped(village))
    assert caught.value.code == "time-zones-differ"
    same = village["agency.txt"].replace("Vienna", "Berlin")
    _, report = read_feed(zipped(village | {"agency.txt": same}))
    assert "agency-without-id" in {finding.code for finding in report.findings}


def test_lines_count_quoted_line_breaks_and_blank_lines(
    village: dict[str, str], zipped: Zipped
) -> None:
    village["stops.txt"] = village["stops.txt"].replace("Bahnhof Gleis 1", '"Bahnhof\nGleis 1"')
    village["stops.txt"] = village["stops.txt"].replace("\nki,", "\n\nki,").replace("48.6100", "")
    with pytest.raises(FeedError, match=r"stops.txt, line 7: stop ki"):
        read_feed(zipped(village))


def test_routes_need_one_of_the_name_columns(village: dict[str, str], zipped: Zipped) -> None:
    village["routes.txt"] = village["routes.txt"].replace("_name", "")
    with pytest.raises(FeedError, match="both missing") as caught:
        read_feed(zipped(village))
    assert caught.value.code == "missing-column"


def test_a_row_longer_than_its_header_is_refused(village: dict[str, str], zipped: Zipped) -> None:
    lines = village["trips.txt"].splitlines()
    longer = "\n".join([lines[0], *(line + "," for line in lines[1:])])
    with pytest.raises(FeedError) as caught:
        read_feed(zipped(village | {"trips.txt": longer}))
    assert caught.value.code == "too-many-fields"

"""Plain GTFS: pairs of stops, to be called for, about every half hour; read by validators, gtfs_kit and us."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gtfs.errors import ExportError
from gtfs.export.plain import MOST_STOPS, Driving, export_plain
from gtfs.export.service import Edition, OnDemandService, PublicStop
from gtfs.feed import read_feed

DRIVING: Driving = {
    ("rathaus", "muehle"): 300,
    ("muehle", "rathaus"): 330,
    ("rathaus", "bahnhof"): 600,
    ("bahnhof", "rathaus"): 600,
    ("muehle", "bahnhof"): 240,
    # nothing leads from the station to the mill
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, talheim: OnDemandService, edition: Edition) -> Write:
    """Export the stops of Talheim and return the file."""

    def written(driving: Driving = DRIVING) -> Path:
        path = tmp_path / "plain.zip"
        path.write_bytes(export_plain([talheim], edition, {"talheim": driving}))
        return path

    return written


def test_both_validators_find_no_error(
    write: Write,
    validated: Callable[[Path, date], tuple[Counter[str], Counter[str]]],
    edition: Edition,
) -> None:
    errors, warnings = validated(write(), edition.first_day)
    assert errors == Counter()
    # the extended route type, as in the Flex feed
    assert set(warnings) == {"guru unexpected_enum_value", "validator unexpected_enum_value"}


def test_our_reader_finds_pairs_to_call_for(write: Write) -> None:
    timetable, report = read_feed(write())
    assert report.other_services == ()
    assert len(timetable.stop_id) == 3
    assert len(timetable.trip_id) > 3 * len(DRIVING)  # every window, every half hour


def test_gtfs_kit_reads_it(write: Write) -> None:
    import gtfs_kit

    feed = gtfs_kit.read_feed(write(), dist_units="km")
    assert len(feed.trips) == 3 * len(DRIVING)
    first = feed.stop_times[feed.stop_times.trip_id == "talheim:1"]
    assert first.stop_id.tolist() == ["talheim:rathaus", "talheim:muehle"]
    assert first.departure_time.tolist()[0] == "07:00:00"
    # 1.65 x 300 s + 690 s = 1185 s, in whole minutes: what a rider is promised at worst
    assert first.arrival_time.tolist()[1] == "07:20:00"
    assert first.pickup_type.tolist() == [2, 1]
    assert first.drop_off_type.tolist() == [1, 2]
    assert set(feed.routes.route_type) == {715}
    often = feed.frequencies[feed.frequencies.trip_id == "talheim:1"].iloc[0]
    assert (often.start_time, often.end_time, often.headway_secs) == ("07:00:00", "12:00:00", 1800)
    assert often.exact_times == 0


def test_a_ride_ends_within_the_hours(talheim: OnDemandService, edition: Edition) -> None:
    far = {("rathaus", "muehle"): 5 * 3600}  # with what comes on top longer than any window
    with pytest.raises(ExportError) as caught:
        export_plain([talheim], edition, {"talheim": far})
    assert caught.value.code == "no-service"


def test_places_without_stops_cannot_be_given(bergdorf: OnDemandService, edition: Edition) -> None:
    with pytest.raises(ExportError) as caught:
        export_plain([bergdorf], edition, {"bergdorf": {}})
    assert caught.value.code == "too-few-stops"


def test_too_many_pairs_are_refused(talheim: OnDemandService, edition: Edition) -> None:
    stops = tuple(PublicStop(f"s{n}", f"Halt {n}", 9.1, 48.4) for n in range(MOST_STOPS + 1))
    with pytest.raises(ExportError) as caught:
        export_plain([replace(talheim, stops=stops)], edition, {"talheim": {}})
    assert caught.value.code == "too-many-stops"

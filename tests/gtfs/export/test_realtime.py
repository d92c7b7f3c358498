"""GTFS-Realtime of running tours: valid beside the Flex feed, and nothing in it but public stops."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from google.transit import gtfs_realtime_pb2 as realtime
from gtfs_rt_validator.api import Mode, Request, resolve, validate

from gtfs.export.flex import export_flex
from gtfs.export.realtime import PublicHalt, RunningTour, feed_json, feed_message
from gtfs.export.service import Edition, OnDemandService

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
SEEN = PublicHalt(
    1,
    "rathaus",
    9.1136,
    48.4090,
    NOW - timedelta(minutes=2),
    NOW + timedelta(minutes=1),
    arrived=True,
)
NEXT = PublicHalt(
    2, "bahnhof", 9.16, 48.43, NOW + timedelta(minutes=9), NOW + timedelta(minutes=10)
)
TOUR = RunningTour(
    "talheim", "talheim.2026-03-03.frueh", "bus-1", "Bus 1", date(2026, 3, 3), SEEN, (SEEN, NEXT)
)


def parsed(*tours: RunningTour) -> realtime.FeedMessage:
    message = realtime.FeedMessage()
    message.ParseFromString(feed_message(tours, NOW))
    return message


def test_the_validator_finds_no_error(
    tmp_path: Path, talheim: OnDemandService, edition: Edition
) -> None:
    (tmp_path / "flex.zip").write_bytes(export_flex([talheim], edition))
    (tmp_path / "rt.pb").write_bytes(feed_message([TOUR], NOW))
    result = validate(
        Request(
            mode=Mode.MODERN,
            gtfs=tmp_path / "flex.zip",
            inputs=resolve(str(tmp_path / "rt.pb")),
            at=NOW,
        )
    )
    assert result.run.messages_validated == 1
    assert result.error_ids() == ()
    assert (
        set(result.run.notices.rule_ids())
        == {
            "S024",  # ADDED is deprecated for NEW, which older readers do not know (gtfs/export/realtime.py)
            "P005",  # the position is two minutes old: that of the last tap, because nothing is guessed
        }
    )


def test_a_standing_bus_is_at_its_stop() -> None:
    _, vehicle = parsed(TOUR).entity
    assert vehicle.vehicle.stop_id == "talheim:rathaus"
    assert vehicle.vehicle.current_status == realtime.VehiclePosition.STOPPED_AT
    assert vehicle.vehicle.timestamp == int(SEEN.arrive.timestamp())


def test_a_bus_that_left_was_there_when_it_left() -> None:
    gone = replace(SEEN, departed=True, depart=NOW - timedelta(minutes=1))
    _, vehicle = parsed(replace(TOUR, seen=gone, ahead=(NEXT,))).entity
    assert vehicle.vehicle.position.latitude == pytest.approx(48.4090)
    assert vehicle.vehicle.timestamp == int(gone.depart.timestamp())
    assert not vehicle.vehicle.stop_id


def test_halts_have_to_be_called_for() -> None:
    update = parsed(TOUR).entity[0].trip_update
    assert update.trip.schedule_relationship == realtime.TripDescriptor.ADDED
    assert [each.stop_id for each in update.stop_time_update] == [
        "talheim:rathaus",
        "talheim:bahnhof",
    ]
    for each in update.stop_time_update:
        assert each.stop_time_properties.pickup_type == 2
        assert each.stop_time_properties.drop_off_type == 2


def test_what_is_not_public_leaves_nothing() -> None:
    assert list(parsed(replace(TOUR, seen=None, ahead=())).entity) == []
    assert parsed().header.timestamp == int(NOW.timestamp())


def test_json_says_the_same() -> None:
    told = feed_json([TOUR], NOW)
    assert [each["id"] for each in told["entity"]] == [each.id for each in parsed(TOUR).entity]

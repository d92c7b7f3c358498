"""Our GTFS-Flex: both validators accept it, and our own reader finds the facts that went in."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.errors import ExportError
from gtfs.export.flex import export_flex
from gtfs.export.service import Edition, OnDemandService, Window
from gtfs.feed import read_other_services
from gtfs.other_services import Notice, OtherService

EASTER_MONDAY = date(2026, 4, 6)
Validated = Callable[[Path, date], tuple[Counter[str], Counter[str]]]
EXPECTED = Counter(
    {
        # 715 is an extended route type, which the base specification does not list (see docs/giving.md)
        "guru unexpected_enum_value": 2,
        "validator unexpected_enum_value": 2,
    }
)


def table(feed: bytes, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(feed)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode())))


def written(folder: Path, edition: Edition, *services: OnDemandService) -> Path:
    path = folder / "flex.zip"
    path.write_bytes(export_flex(services, edition))
    return path


def read_back(
    folder: Path, edition: Edition, *services: OnDemandService
) -> tuple[OtherService, ...]:
    found, findings = read_other_services(written(folder, edition, *services))
    assert findings == ()
    return found


def test_both_validators_find_no_error(
    tmp_path: Path,
    validated: Validated,
    talheim: OnDemandService,
    bergdorf: OnDemandService,
    edition: Edition,
) -> None:
    one_part = replace(bergdorf, zone=bergdorf.zone[:1])
    errors, warnings = validated(written(tmp_path, edition, talheim, one_part), edition.first_day)
    assert errors == Counter()
    assert warnings == EXPECTED


def test_a_zone_of_two_parts_is_more_than_one_validator_reads(
    tmp_path: Path, validated: Validated, bergdorf: OnDemandService, edition: Edition
) -> None:
    """The canonical rules cannot read any MultiPolygon, which the specification allows: a known gap."""
    errors, _ = validated(written(tmp_path, edition, bergdorf), edition.first_day)
    assert errors == Counter({"validator UnreadableGeoJson": 1})


def test_public_stops_inside_a_zone_are_warned_about(
    tmp_path: Path,
    validated: Validated,
    talheim: OnDemandService,
    bergdorf: OnDemandService,
    edition: Edition,
) -> None:
    """They belong to no trip of the feed: realtime names them."""
    errors, warnings = validated(
        written(tmp_path, edition, replace(bergdorf, zone=bergdorf.zone[:1], stops=talheim.stops)),
        edition.first_day,
    )
    assert errors == Counter()
    assert {code.split()[1] for code in warnings} == {
        "unexpected_enum_value",
        "stop_without_stop_time",
    }


def test_our_reader_finds_the_stops_service(
    tmp_path: Path, talheim: OnDemandService, edition: Edition
) -> None:
    (service,) = read_back(tmp_path, edition, talheim)
    assert (service.name, service.operator) == (talheim.name, talheim.operator)
    assert (service.phone, service.booking_url) == (talheim.phone, edition.address)
    assert service.notice == talheim.notice
    assert service.messages == (
        "Anmeldung bis 60 Minuten vor der Abfahrt: telefonisch unter +49 30 23125 014 oder im Internet.",
    )
    assert [(s.name, s.lon, s.lat) for s in service.stops] == [
        (s.name, s.lon, s.lat) for s in talheim.stops
    ]
    assert service.open_on(date(2026, 3, 3)) == ((25_200, 46_800), (50_400, 64_800))
    assert service.open_on(date(2026, 3, 7)) == ((72_000, 93_600),)
    assert service.open_on(EASTER_MONDAY) == ()
    assert service.open_on(date(2026, 3, 8)) == ()


def test_our_reader_finds_the_zone(
    tmp_path: Path, bergdorf: OnDemandService, edition: Edition
) -> None:
    (service,) = read_back(tmp_path, edition, bergdorf)
    assert service.zones == bergdorf.zone
    assert service.notice == bergdorf.notice
    assert service.covers(9.01, 48.01)
    assert not service.covers(9.07, 48.07)  # in the hole
    assert service.messages == (
        "Anmeldung bis 16:00 Uhr am letzten Buchungstag davor: telefonisch unter +49 30 23125 015 oder im Internet.",
    )


def test_rows_say_what_the_specification_wants(
    talheim: OnDemandService, bergdorf: OnDemandService, edition: Edition
) -> None:
    feed = export_flex([talheim, bergdorf], edition)
    board, leave = table(feed, "stop_times.txt")[:2]
    assert (board["location_group_id"], leave["location_group_id"]) == (
        "talheim:_haltestellen",
    ) * 2
    assert (board["pickup_type"], board["drop_off_type"]) == ("2", "1")
    assert (leave["pickup_type"], leave["drop_off_type"]) == ("1", "2")
    assert board["end_pickup_drop_off_window"] == "12:00:00"  # nobody boards later ...
    assert leave["end_pickup_drop_off_window"] == "13:00:00"  # ... but rides end
    assert board["pickup_booking_rule_id"] == leave["drop_off_booking_rule_id"]
    trip = table(feed, "trips.txt")[0]
    assert (trip["safe_duration_factor"], trip["safe_duration_offset"]) == ("1.65", "690")
    minutes, days = table(feed, "booking_rules.txt")
    assert (minutes["booking_type"], minutes["prior_notice_duration_min"]) == ("1", "60")
    assert (days["booking_type"], days["prior_notice_last_day"]) == ("2", "1")
    assert (days["prior_notice_last_time"], days["prior_notice_start_day"]) == ("16:00:00", "7")
    assert days["prior_notice_service_id"] == "bergdorf:buchung"
    office = {row["service_id"]: row for row in table(feed, "calendar.txt")}["bergdorf:buchung"]
    assert (office["thursday"], office["friday"]) == ("1", "0")
    assert {"service_id": "bergdorf:buchung", "date": "20260406", "exception_type": "2"} in table(
        feed, "calendar_dates.txt"
    )
    assert table(feed, "feed_info.txt")[0]["feed_contact_url"] == edition.address


def test_rides_at_once_need_no_notice(talheim: OnDemandService, edition: Edition) -> None:
    feed = export_flex([replace(talheim, notice=Notice())], edition)
    (rule,) = table(feed, "booking_rules.txt")
    assert (rule["booking_type"], rule["prior_notice_duration_min"]) == ("0", "")
    assert rule["message"].startswith("Anmeldung jederzeit:")


def test_an_invented_service_says_so(talheim: OnDemandService, edition: Edition) -> None:
    feed = export_flex([replace(talheim, invented=True)], edition)
    assert table(feed, "routes.txt")[0]["route_desc"].startswith("Erfundenes Beispiel")


def test_same_content_same_bytes(
    talheim: OnDemandService, bergdorf: OnDemandService, edition: Edition
) -> None:
    assert export_flex([talheim, bergdorf], edition) == export_flex([talheim, bergdorf], edition)


def test_zones_are_a_map_others_can_draw(bergdorf: OnDemandService, edition: Edition) -> None:
    with zipfile.ZipFile(io.BytesIO(export_flex([bergdorf], edition))) as archive:
        zones: dict[str, Any] = json.loads(archive.read("locations.geojson"))
    (feature,) = zones["features"]
    assert feature["id"] == "bergdorf:_gebiet"
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert "location_groups.txt" not in archive.namelist()


ALL_CLOSED = {"closed": frozenset({date(2026, 3, 2)})}
Changes = dict[str, Any]


@pytest.mark.parametrize(
    ("talheim_with", "bergdorf_with", "edition_with", "code"),
    [
        (None, None, {}, "nothing-to-export"),
        ({}, {"time_zone": "Europe/Vaduz"}, {}, "time-zones-differ"),
        ({}, {"id": "talheim"}, {}, "service-twice"),
        ({"windows": ()}, {}, {}, "no-hours"),
        ({"stops": ()}, {}, {}, "no-places"),
        ({}, None, {"last_day": date(2026, 3, 1)}, "bad-period"),
        ({}, None, {"address": "bus.example.org"}, "bad-address"),
        ({}, None, {"address": "https://["}, "bad-address"),
        (ALL_CLOSED, None, {"last_day": date(2026, 3, 2)}, "no-service"),
    ],
)
def test_what_would_mislead_is_refused(
    talheim_with: Changes | None,
    bergdorf_with: Changes | None,
    edition_with: Changes,
    code: str,
    talheim: OnDemandService,
    bergdorf: OnDemandService,
    edition: Edition,
) -> None:
    pairs = ((talheim, talheim_with), (bergdorf, bergdorf_with))
    services = [replace(each, **changes) for each, changes in pairs if changes is not None]
    with pytest.raises(ExportError) as caught:
        export_flex(services, replace(edition, **edition_with))
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


weekdays = st.tuples(*[st.booleans()] * 7).filter(any)
hours = st.lists(st.integers(0, 30 * 60), min_size=3, max_size=3, unique=True).map(
    lambda minutes: sorted(60 * minute for minute in minutes)
)
notices = st.one_of(
    st.builds(Notice, minutes=st.integers(1, 3000), days_at_most=st.integers(3, 99)),
    st.builds(
        Notice,
        days=st.integers(1, 9),
        until_s=st.integers(0, 86_399),
        days_at_most=st.none() | st.integers(10, 99),
    ),
    st.just(Notice()),
)
text = st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=' ,"'), min_size=1
).filter(lambda each: each == " ".join(each.split()))


@given(days=weekdays, span=hours, notice=notices, name=text, phone=text)
def test_whatever_goes_in_our_reader_finds(
    tmp_path: Path,
    days: tuple[bool, ...],
    span: list[int],
    notice: Notice,
    name: str,
    phone: str,
    talheim: OnDemandService,
    edition: Edition,
) -> None:
    """Reading what was exported gives back name, phone, notice, days and hours, whatever they are."""
    window = Window(days, *span)
    service = replace(talheim, windows=(window,), notice=notice, name=name, phone=phone)
    (found,) = read_back(tmp_path, edition, service)
    assert (found.name, found.phone, found.notice) == (name, phone, notice)
    for day in (date(2026, 3, 2 + offset) for offset in range(7)):
        assert found.open_on(day) == (((span[0], span[2]),) if days[day.weekday()] else ())
    assert found.open_on(EASTER_MONDAY) == ()

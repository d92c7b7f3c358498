"""Areas as feeds: those of the invented region, and laws that hold for every area."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.policy import Policy
from gtfs.export.flex import export_flex
from gtfs.export.plain import export_plain
from gtfs.export.service import Edition
from gtfs.feed import read_other_services
from gtfs.other_services import Notice
from regions.area import Area, Service
from regions.giving import (
    driving_between_stops,
    driving_of,
    promised_duration,
    service_of,
)
from regions.region import Region, open_region

DAY = 86_400
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def region(sample_region: Path) -> Region:
    """Open the invented region."""
    return open_region(sample_region)


@pytest.fixture(scope="module")
def area(region: Region) -> Area:
    """Take its first area: it comes to the door, Monday to Saturday."""
    return next(iter(region.areas.values()))


def test_the_invented_areas_satisfy_both_validators_and_our_reader(
    region: Region,
    tmp_path: Path,
    edition: Edition,
    validated: Callable[[Path, date], tuple[Counter[str], Counter[str]]],
) -> None:
    path = tmp_path / "flex.zip"
    services = [service_of(region, area) for area in region.areas.values()]
    path.write_bytes(export_flex(services, edition))
    errors, warnings = validated(path, edition.first_day)
    assert errors == Counter()
    assert {code.split()[1] for code in warnings} == {
        "unexpected_enum_value",  # 715 is an extended route type
        "stop_without_stop_time",  # public places of a zone, which realtime names
    }
    found, findings = read_other_services(path)
    assert findings == ()
    for area, service in zip(region.areas.values(), found, strict=True):
        assert (service.name, service.phone) == (area.name, area.phone)
        assert service.notice == Notice(
            minutes=area.policy.lead_time_s // 60, days_at_most=area.policy.booking_horizon_s // DAY
        )
        assert service.description.startswith("Erfundenes Beispiel")
        for weekday in range(7):
            shifts = area.shifts_on(MONDAY + timedelta(days=weekday))
            open_s = service.open_on(MONDAY + timedelta(days=weekday))
            assert bool(open_s) == bool(shifts)
            if shifts:
                assert open_s[0][0] == min(shift.start_s for shift in shifts)
                assert open_s[-1][1] == max(shift.end_s for shift in shifts)
        assert area.boundary is not None
        inside = area.boundary.representative_point()
        assert service.covers(inside.x, inside.y)


def test_the_invented_stops_satisfy_both_validators(
    region: Region,
    area: Area,
    tmp_path: Path,
    edition: Edition,
    validated: Callable[[Path, date], tuple[Counter[str], Counter[str]]],
) -> None:
    path = tmp_path / "plain.zip"
    driving = {area.id: driving_between_stops(region, area)}
    path.write_bytes(export_plain([service_of(region, area)], edition, driving))
    errors, warnings = validated(path, edition.first_day)
    assert errors == Counter()
    assert {code.split()[1] for code in warnings} == {"unexpected_enum_value"}


def test_an_area_of_stops_has_no_zone(region: Region, area: Area) -> None:
    service = service_of(region, replace(area, service=Service.STOPS))
    assert service.zone == ()
    assert [stop.id for stop in service.stops] == [stop.id for stop in area.stops]


def test_an_area_without_boundary_is_the_region(region: Region, area: Area) -> None:
    ((ring,),) = service_of(region, replace(area, boundary=None)).zone
    west, south, east, north = region.manifest.bbox
    assert {round(lon, 4) for lon, _ in ring} == {round(west, 4), round(east, 4)}
    assert {round(lat, 4) for _, lat in ring} == {round(south, 4), round(north, 4)}


def test_no_driver_bus_or_depot_is_in_the_feed(
    region: Region, area: Area, edition: Edition
) -> None:
    told = str(service_of(region, area)) + export_flex([service_of(region, area)], edition).decode(
        errors="replace"
    )
    for shift in area.shifts:
        assert shift.driver not in told
        assert shift.vehicle not in told


def test_roads_that_are_gone_teach_nothing(region: Region, area: Area) -> None:
    one, other = ((stop.lon, stop.lat) for stop in area.stops[:2])
    there, nowhere, here = driving_of(region, area, [(one, other), ((0.0, 0.0), other), (one, one)])
    assert there > 0
    assert (nowhere, here) == (0, 0)


@given(direct_s=st.integers(1, 6 * 3600))
def test_the_promise_covers_every_ride(direct_s: int) -> None:
    """A reader who drives ``direct_s`` by car reckons with at least the longest ride the rules allow."""
    policy = Policy()
    assert promised_duration(policy).of(direct_s) >= policy.longest_ride_s(
        policy.driving_s(direct_s)
    )


@given(
    lead_s=st.integers(0, 3 * DAY),
    deadline_s=st.none() | st.integers(0, 30 * 3600),
    opens_s=st.integers(0, 10 * 3600),
    early_s=st.integers(0, 12 * 3600),
    now_s=st.integers(-5 * DAY, 12 * 3600),
)
def test_who_keeps_the_notice_told_is_never_too_late(
    region: Region,
    area: Area,
    lead_s: int,
    deadline_s: int | None,
    opens_s: int,
    early_s: int,
    now_s: int,
) -> None:
    """Every ride of the hours that can be booked by the notice in the feed can be booked by the rules."""
    policy = replace(area.policy, lead_time_s=lead_s, deadline_s=deadline_s, opens_s=opens_s)
    service = service_of(region, replace(area, policy=policy))
    pickup_s = min(window.from_s for window in service.windows) + early_s
    notice = service.notice
    if notice.days:
        last_s = -notice.days * DAY + (DAY if notice.until_s is None else notice.until_s)
    else:
        last_s = pickup_s - 60 * notice.minutes
    if now_s <= last_s:
        assert policy.soonest_pickup_s(now_s) <= pickup_s


@given(second=st.integers(0, 30 * 3600), opens_h=st.integers(0, 12), closes_h=st.integers(13, 30))
def test_hours_are_those_of_shifts_and_rules(
    region: Region, area: Area, second: int, opens_h: int, closes_h: int
) -> None:
    """Riders board at a second of a weekday if a shift is staffed and the rules are open, and only then."""
    policy = replace(area.policy, opens_s=opens_h * 3600, closes_s=closes_h * 3600)
    service = service_of(region, replace(area, policy=policy))
    for weekday in range(7):
        staffed = any(
            weekday in shift.weekdays and shift.start_s <= second <= shift.end_s
            for shift in area.shifts
        )
        told = any(
            window.weekdays[weekday] and window.from_s <= second <= window.board_until_s
            for window in service.windows
        )
        assert told == (staffed and policy.opens_s <= second <= policy.closes_s)

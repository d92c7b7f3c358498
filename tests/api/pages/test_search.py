"""What people type into the search form."""

from datetime import UTC, date, datetime, time
from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.i18n import language
from api.pages.resident.search import (
    Search,
    bookable_days,
    check,
    most_persons,
    one_line,
    parse_clock,
    parse_place,
    place_value,
)
from dispatch.model import TimeKind, load_of
from regions.region import Region

MONDAY_SIX = datetime(2026, 3, 30, 4, 0, tzinfo=UTC)
GOOD = Search(
    area="talheim", origin="a", destination="b", day="2026-03-30", time="09:00", persons="2"
)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("930", time(9, 30)),
        ("9", time(9)),
        (" 9 Uhr ", time(9)),
        ("14 h 05", time(14, 5)),
        ("9:30 Uhr", time(9, 30)),
        ("24:00", None),
        ("9:60", None),
        ("", None),
        ("gleich", None),
        ("09:30:00", None),
    ],
)
def test_times_are_read_as_people_write_them(text: str, clock: time | None) -> None:
    assert parse_clock(text) == clock


@given(
    label=st.text(max_size=200).filter(lambda text: text.isprintable() and text.strip() != ""),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
)
def test_place_survives_its_way_through_a_form(label: str, lon: float, lat: float) -> None:
    """Law: reading what was written gives the place back, to a tenth of a metre."""
    point = parse_place(place_value(label, lon, lat))
    assert point is not None
    assert point.label == label.strip()
    assert abs(point.lon - lon) < 1e-6
    assert abs(point.lat - lat) < 1e-6


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_none(text: str) -> None:
    """Law: no hidden field, however tampered with, raises."""
    parse_place(text)
    parse_clock(text)


@pytest.mark.parametrize("value", ["9,48| ", "9,48|", "181,48|a", "9,91|a", "nan,1|a", "|a", "a"])
def test_tampered_place_is_none(value: str) -> None:
    assert parse_place(value) is None


@given(st.dictionaries(st.sampled_from(["von", "von_ort", "tag", "zeit", "x"]), st.text()))
def test_form_of_anything_stays_one_line_each(query: dict[str, str]) -> None:
    """Law: whatever is sent, the form holds printable lines of bounded length."""
    for _, value in Search.of(query).pairs:
        assert value.isprintable()
        assert len(value) <= 240


def test_one_line_keeps_umlauts_and_drops_control_characters() -> None:
    assert one_line("  Müller\x00weg \n 3 ") == "Müllerweg 3"
    assert one_line(printable).isprintable()


def test_chosen_place_counts_only_with_its_own_label() -> None:
    place = place_value("Rathaus", 9.1, 48.4)
    assert Search.of({"von": "Rathaus", "von_ort": place}).origin_place == place
    assert Search.of({"von": "Bahnhof", "von_ort": place}).origin_place == ""
    assert Search.of({"von_ort": place}).origin == "Rathaus"


def test_form_and_address_say_the_same() -> None:
    search = Search.of({"von": "Ahornweg 1", "kinderwagen": "1", "personen": "3"})
    assert search.query == "von=Ahornweg+1&personen=3&kinderwagen=1"
    assert dict(search.pairs) == {"von": "Ahornweg 1", "kinderwagen": "1", "personen": "3"}


def test_good_form_is_a_wish(region: Region) -> None:
    area = region.areas["talheim"]
    wish, problems = check(GOOD, area, MONDAY_SIX, language("de"))
    assert problems == {}
    assert wish is not None
    assert wish.kind is TimeKind.DEPART_AT
    assert wish.moment == datetime(2026, 3, 30, 7, 0, tzinfo=UTC)
    assert wish.passengers.load == load_of(seat=2)


def test_wheelchair_takes_the_place_of_a_seat(region: Region) -> None:
    search = Search.of(dict(GOOD.pairs) | {"rollstuhl": "1", "rollator": "1", "art": "bis"})
    wish, _ = check(search, region.areas["talheim"], MONDAY_SIX, language("de"))
    assert wish is not None
    assert wish.kind is TimeKind.ARRIVE_BY
    assert wish.passengers.load == load_of(seat=1, wheelchair=1, walker=1)


@pytest.mark.parametrize(
    ("field", "value", "about"),
    [
        ("von", "", "von"),
        ("nach", "", "nach"),
        ("tag", "morgen", "tag"),
        ("tag", "", "tag"),
        ("zeit", "", "zeit"),
        ("zeit", "5:00", "zeit"),
        ("personen", "0", "personen"),
        ("personen", "9", "personen"),
        ("personen", "-1", "personen"),
        ("personen", "²", "personen"),
        ("personen", "1.5", "personen"),
    ],
)
def test_each_mistake_is_named_at_its_field(
    region: Region, field: str, value: str, about: str
) -> None:
    search = Search.of(dict(GOOD.pairs) | {field: value})
    wish, problems = check(search, region.areas["talheim"], MONDAY_SIX, language("de"))
    assert wish is None
    assert list(problems) == [about]
    assert problems[about].endswith(".")


def test_hour_the_clocks_skip_is_asked_again(region: Region) -> None:
    search = Search.of(dict(GOOD.pairs) | {"tag": "2026-10-25", "zeit": "2:30"})
    _, problems = check(search, region.areas["talheim"], MONDAY_SIX, language("de"))
    assert "umgestellt" in problems["zeit"]


def test_bookable_days_have_a_shift_that_can_be_reached(region: Region) -> None:
    area = region.areas["talheim"]
    days = bookable_days(area, MONDAY_SIX)
    assert days[0] == date(2026, 3, 30)
    assert days[-1] == date(2026, 4, 13)
    assert all(day.weekday() != 5 for day in days)  # no shift on Saturdays
    noon = datetime(2026, 3, 30, 10, 30, tzinfo=UTC)  # the shift ends at 13:00, lead time one hour
    assert bookable_days(area, noon)[0] == date(2026, 3, 31)


def test_largest_party_is_what_the_largest_vehicle_seats(region: Region) -> None:
    assert most_persons(region.areas["talheim"]) == 8

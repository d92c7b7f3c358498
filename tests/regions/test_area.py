"""Area files: what they mean, and that each mistake is named with its place."""

from datetime import date
from pathlib import Path

import pytest

from dispatch.model import LOAD_KINDS, Break, Feature, PlaceIndex
from regions.area import Area, Service, read_area
from regions.errors import AreaError
from regions.privacy import Privacy
from regions.reminders import Reminders
from regions.roster_rules import RosterRules

AREA = """\
format = 1
id = "oberwiesbach"
name = "Bürgerbus Oberwiesbach"
time_zone = "Europe/Berlin"
phone = "+49 30 23125 014"
bbox = [9.0, 48.3, 9.2, 48.5]

[operator]
name = "Verein"

[rules]
lead_time_min = 30
booking_horizon_days = 7
ride_factor = 2

[[vehicles]]
id = "bus-1"
name = "Bus 1"
seats = 8
wheelchairs = 1
seats_per_wheelchair = 2
walkers = 3
child_seats = 2
features = ["lift"]
range_km = 120.5

[[shifts]]
id = "frueh"
vehicle = "bus-1"
driver = "A. Beck"
days = ["mo", "fr"]
start = "07:00"
end = "12:30"
from = { name = "Rathaus", lon = 9.1, lat = 48.4 }
driving_at_most_min = 240

[[shifts.breaks]]
minutes = 30
from = "09:00"
until = "10:00"

[[shifts.breaks]]
minutes = 15
from = "09:15"
until = "11:00"
at = "bad"
charges = true

[[stops]]
id = "bad"
name = "Bad"
lon = 9.12
lat = 48.41
"""


def read(tmp_path: Path, text: str) -> Area:
    file = tmp_path / "area.toml"
    file.write_text(text, encoding="utf-8")
    return read_area(file)


def test_every_field_is_read(tmp_path: Path) -> None:
    file = tmp_path / "area.toml"
    file.write_text(AREA, encoding="utf-8")
    area = read_area(file)
    assert (area.policy.lead_time_s, area.policy.booking_horizon_s) == (1800, 7 * 86_400)
    assert area.policy.ride_factor == 2.0
    shift = area.shifts[0]
    assert (shift.start_s, shift.end_s, shift.weekdays) == (25_200, 45_000, frozenset({0, 4}))
    assert shift.end == shift.start
    assert shift.driving_at_most_s == 14_400
    anywhere, charging = shift.breaks
    assert (anywhere.seconds, anywhere.from_s, anywhere.until_s) == (1800, 32_400, 36_000)
    assert (anywhere.at, anywhere.charges) == (None, False)
    assert (charging.at, charging.charges) == (area.stops[0], True)
    bus = area.vehicles[0]
    assert (bus.features, bus.range_m) == (frozenset({Feature.LIFT}), 120_500)


def test_a_day_has_the_shifts_of_its_weekday_with_their_breaks(tmp_path: Path) -> None:
    """Places are looked up by whoever knows them; nobody drives on a closed day."""
    area = read(tmp_path, AREA.replace("ride_factor = 2", "closed_days = [2026-12-25]"))
    (pattern,) = area.shifts_on(date(2026, 12, 28))
    assert area.shifts_on(date(2026, 12, 29)) == ()
    assert date(2026, 12, 25).weekday() in pattern.weekdays
    assert area.shifts_on(date(2026, 12, 25)) == ()
    shift = pattern.shift(lambda stop: PlaceIndex(round(stop.lat * 100)))
    assert (shift.start_place, shift.end_place) == (4840, 4840)
    assert shift.breaks == (
        Break(1800, 32_400, 36_000),
        Break(900, 33_300, 39_600, PlaceIndex(4841), charges=True),
    )
    assert (shift.driver, shift.driving_at_most_s) == ("A. Beck", 14_400)


def test_privacy_is_as_usual_unless_the_file_says_more(tmp_path: Path) -> None:
    assert read(tmp_path, AREA).privacy == Privacy("", "", "", 90, 30)
    said = '[privacy]\ncontroller = "Verein, Markt 1"\nrides_named_days = 14\n\n[rules]'
    decided = read(tmp_path, AREA.replace("[rules]", said)).privacy
    assert decided == Privacy("Verein, Markt 1", rides_named_days=14)
    assert decided.rides_named.days == 14


def test_a_wheelchair_costs_seats(tmp_path: Path) -> None:
    file = tmp_path / "area.toml"
    file.write_text(AREA, encoding="utf-8")
    limits = read_area(file).vehicles[0].limits

    def fits(**load: int) -> bool:
        vector = [load.get(kind.value, 0) for kind in LOAD_KINDS]
        return all(
            sum(c * n for c, n in zip(limit.coefficients, vector, strict=True)) <= limit.at_most
            for limit in limits
        )

    assert fits(seat=8)
    assert fits(seat=6, wheelchair=1)
    assert not fits(seat=7, wheelchair=1)
    assert not fits(wheelchair=2)
    assert not fits(seat=4, walker=4)
    assert fits(seat=6, child_seat=2)
    assert not fits(seat=7, child_seat=2)
    assert not fits(seat=1, child_seat=3)
    assert not fits(parcel=1)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('end = "12:30"', 'end = "06:30"', "[[shifts]] 1: end must be later"),
        ('end = "12:30"', 'end = "halb eins"', "[[shifts]] 1: end must be a time"),
        (
            "[rules]",
            "[privacy]\nrides_named_days = 0\n[rules]",
            "[privacy]: rides_named_days is 0, it must lie between 1 and 3660",
        ),
        ("[rules]", "[privacy]\nofficers = 1\n[rules]", "[privacy]: officers is unknown here"),
        (
            'vehicle = "bus-1"',
            'vehicle = "bus-9"',
            "vehicle is 'bus-9', but no [[vehicles]] has that id",
        ),
        ('days = ["mo", "fr"]', 'days = ["montag"]', "[[shifts]] 1: days"),
        ("seats = 8", "seats = 0", "[[vehicles]] 1: seats is 0"),
        ("seats = 8", "seats = true", "[[vehicles]] 1: seats must be of type int"),
        ("lon = 9.1", "lon = 948.0", "no place on earth"),
        ("bbox = [9.0, 48.3, 9.2, 48.5]", "bbox = [9.2, 48.3, 9.0, 48.5]", "bbox must be"),
        ('id = "oberwiesbach"', 'id = "Ober wiesbach"', "id may hold"),
        ("bbox = [9.0, 48.3, 9.2, 48.5]", 'currency = "Taler"', "currency must be a code"),
        ("lead_time_min = 30", 'lead_time_min = "30"', "must be a number"),
        ("lead_time_min = 30", "boarding_s = -5", "must lie between"),
        ("lead_time_min = 30", "ride_extra_min = 50", "[rules]: ride_extra_min is more than"),
        ('features = ["lift"]', 'features = ["wings"]', "lift, low_floor; unknown: ['wings']"),
        ("range_km = 120.5", "range_km = 0", "range_km is 0, it must lie between"),
        ("range_km = 120.5", "", "breaks charge Bus 1 in number 2, but it has no range_km"),
        ("minutes = 30", "minutes = 90", "until must be at least 90 minutes later than from"),
        ("minutes = 30", "minutes = 0", "[[breaks]] 1: minutes is 0"),
        ('until = "10:00"', 'until = "9 Uhr"', "[[shifts]] 1 [[breaks]] 1: until must be a time"),
        ("minutes = 15", "minutes = 100", "no room for number 2 within the shift"),
        ('end = "12:30"', 'end = "09:15"', "no room for number 1 within the shift"),
        ('at = "bad"', 'at = "see"', "at is 'see', but no [[stops]] has that id"),
        ("driving_at_most_min = 240", "driving_at_most_min = 0", "driving_at_most_min is 0"),
        ("driving_at_most_min = 240", "driving_at_most = 240", "driving_at_most is unknown here"),
        ("minutes = 30", "minute = 30", "minutes is missing"),
        ("charges = true", "charging = true", "charging is unknown here"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in AREA
    with pytest.raises(AreaError) as error:
        read(tmp_path, AREA.replace(old, new))
    assert named in error.value.message
    assert error.value.message.startswith("area.toml")


def test_an_area_without_stops_serves_doors(tmp_path: Path) -> None:
    no_stops = AREA[: AREA.index("[[stops]]")].replace('at = "bad"\n', "")
    assert read(tmp_path, no_stops).stops == ()
    with pytest.raises(AreaError, match="must list some stops"):
        read(tmp_path, no_stops.replace("bbox", 'service = "stops"\nbbox'))


def test_doors_stops_or_both(tmp_path: Path) -> None:
    assert read(tmp_path, AREA).service is Service.DOOR
    for service in Service:
        area = read(tmp_path, AREA.replace("bbox", f'service = "{service}"\nbbox'))
        assert (area.service, area.door_to_door) == (service, service is not Service.STOPS)
    with pytest.raises(AreaError, match='service must be one of "door", "stops", "mixed", not'):
        read(tmp_path, AREA.replace("bbox", 'service = "corner"\nbbox'))


SHIFT = AREA[AREA.index("[[shifts]]") : AREA.index("driving_at_most_min")]


def test_ids_must_differ(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="'frueh' twice"):
        read(tmp_path, AREA + SHIFT)


BUS_2 = AREA[AREA.index("[[vehicles]]") : AREA.index("[[shifts]]")].replace("bus-1", "bus-2")


@pytest.mark.parametrize(
    ("changes", "shared"),
    [
        ({"A. Beck": "B. Frick"}, "vehicle"),
        ({"bus-1": "bus-2"}, "driver"),
        ({"A. Beck": "B. Frick", "bus-1": "bus-2"}, None),
        ({'start = "07:00"': 'start = "12:30"', 'end = "12:30"': 'end = "18:00"'}, None),
        ({'["mo", "fr"]': '["di", "sa"]'}, None),
    ],
)
def test_nobody_is_in_two_shifts_at_once(
    tmp_path: Path, changes: dict[str, str], shared: str | None
) -> None:
    """Neither a vehicle nor a driver, on any weekday; one shift may begin when the other ends."""
    second = SHIFT.replace("frueh", "zweite")
    for old, new in changes.items():
        second = second.replace(old, new)
    text = AREA + BUS_2 + second
    if shared is None:
        assert len(read(tmp_path, text).shifts) == 2
    else:
        with pytest.raises(AreaError, match=f"overlap, but have the same {shared}"):
            read(tmp_path, text)


def test_roster_rules_are_read_and_checked(tmp_path: Path) -> None:
    assert read(tmp_path, AREA).roster == RosterRules()
    rules = read(tmp_path, AREA + "[roster]\nopen_bookable = false\nrest_hours = 9\n").roster
    assert (rules.open_bookable, rules.rest_hours, rules.give_back_hours) == (False, 9, 48)
    for wrong in ("rest = 9", "rest_hours = 25", 'open_bookable = "ja"'):
        with pytest.raises(AreaError, match="roster"):
            read(tmp_path, f"{AREA}[roster]\n{wrong}\n")


def test_a_shift_may_leave_open_who_drives(tmp_path: Path) -> None:
    (shift,) = read(tmp_path, AREA.replace('driver = "A. Beck"\n', "")).shifts
    assert shift.driver == ""


def test_reminders_are_as_usual_unless_the_file_says_more(tmp_path: Path) -> None:
    assert read(tmp_path, AREA).reminders == Reminders(
        evening=True, hour=True, small_change_min=5, quiet_min=10, per_hour=3
    )
    said = "[reminders]\nevening = false\nquiet_min = 20\n\n[rules]"
    decided = read(tmp_path, AREA.replace("[rules]", said)).reminders
    assert decided == Reminders(evening=False, quiet_min=20)
    for wrong in ("evening = 1", "per_hour = 0", "often = true"):
        with pytest.raises(AreaError) as error:
            read(tmp_path, AREA.replace("[rules]", f"[reminders]\n{wrong}\n\n[rules]"))
        assert error.value.code == "area-field"


def test_who_gets_the_tour_sheets_is_said_in_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, AREA).tour_sheets.mail_to == ()
    said = '[tour_sheets]\nmail_to = ["a@example.org", "b@example.org"]\n\n[rules]'
    sheets = read(tmp_path, AREA.replace("[rules]", said)).tour_sheets
    assert sheets.mail_to == ("a@example.org", "b@example.org")
    twice = '["a@example.org", "a@example.org"]'
    many = str([f"a{number}@example.org" for number in range(11)]).replace("'", '"')
    for wrong in (
        '"a@example.org"',
        '["a"]',
        '["a@b, c@d"]',
        '["a <a@b.org>"]',
        "[1]",
        twice,
        many,
    ):
        text = f"[tour_sheets]\nmail_to = {wrong}\n\n[rules]"
        with pytest.raises(AreaError) as error:
            read(tmp_path, AREA.replace("[rules]", text))
        assert error.value.code == "area-field"

"""Area files: what they mean, and that each mistake is named with its place."""

from pathlib import Path

import pytest

from dispatch.model import LOAD_KINDS
from regions.area import read_area
from regions.errors import AreaError

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

[[shifts]]
id = "frueh"
vehicle = "bus-1"
driver = "A. Beck"
days = ["mo", "fr"]
start = "07:00"
end = "12:30"
from = { name = "Rathaus", lon = 9.1, lat = 48.4 }
"""


def read(tmp_path: Path, text: str) -> object:
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


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('end = "12:30"', 'end = "06:30"', "[[shifts]] 1: end must be later"),
        ('end = "12:30"', 'end = "halb eins"', "[[shifts]] 1: end must be a time"),
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
        ("bbox = [9.0, 48.3, 9.2, 48.5]", "door_to_door = false", "must list some stops"),
        ('id = "oberwiesbach"', 'id = "Ober wiesbach"', "id may hold"),
        ("bbox = [9.0, 48.3, 9.2, 48.5]", 'currency = "Taler"', "currency must be a code"),
        ("lead_time_min = 30", 'lead_time_min = "30"', "must be a number"),
        ("lead_time_min = 30", "boarding_s = -5", "must lie between"),
    ],
)
def test_each_mistake_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in AREA
    with pytest.raises(AreaError) as error:
        read(tmp_path, AREA.replace(old, new))
    assert named in error.value.message
    assert error.value.message.startswith("area.toml")


def test_ids_must_differ(tmp_path: Path) -> None:
    shift = AREA[AREA.index("[[shifts]]") :]
    with pytest.raises(AreaError, match="'frueh' twice"):
        read(tmp_path, AREA + shift)

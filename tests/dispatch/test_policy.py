"""Rules of an area: spelt with their unit, refused in the same spelling."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import PolicyError
from dispatch.policy import Policy

AREA_FILE_DOCS = Path(__file__).parents[2] / "docs/area-file.md"


@pytest.mark.parametrize(
    ("rules", "field", "value"),
    [
        ({"lead_time_min": 30}, "lead_time_s", 1800),
        ({"booking_horizon_days": 7}, "booking_horizon_s", 604_800),
        ({"boarding_s": 45}, "boarding_s", 45),
        ({"ride_factor": 2}, "ride_factor", 2.0),
        ({"snap_m": 100}, "snap_m", 100),
    ],
)
def test_units_are_part_of_the_key(rules: dict[str, Any], field: str, value: float) -> None:
    assert getattr(Policy.from_mapping(rules), field) == value


@pytest.mark.parametrize(
    ("rules", "code", "says"),
    [
        ({"lead_tme_min": 5}, "rule-unknown", "lead_time_min"),
        (
            {"lead_time_min": -5},
            "rule-out-of-range",
            "lead_time_min is -5, it must lie between 0 and",
        ),
        ({"travel_factor": 40}, "rule-out-of-range", "between 0.5 and 3"),
        ({"lead_time_min": "5"}, "rule-not-a-number", "'5'"),
        ({"lead_time_min": True}, "rule-not-a-number", "True"),
        ({"ride_factor": float("nan")}, "rule-not-a-number", "nan"),
        ({"ride_at_most_min": float("inf")}, "rule-not-a-number", "inf"),
    ],
)
def test_mistakes_are_named_as_they_were_written(
    rules: dict[str, Any], code: str, says: str
) -> None:
    with pytest.raises(PolicyError) as error:
        Policy.from_mapping(rules)
    assert error.value.code == code
    assert says in error.value.message


def test_every_rule_is_documented() -> None:
    """Each spelling that the program proposes stands in the documentation, and the other way round."""
    with pytest.raises(PolicyError) as error:
        Policy.from_mapping({"nonsense": 1})
    proposed = set(error.value.message.split("known rules: ")[1].rstrip(".").split(", "))
    table = AREA_FILE_DOCS.read_text(encoding="utf-8").split("## Rules")[1]
    documented = set(re.findall(r"`([a-z_]+)`", table))
    assert proposed == documented
    assert len(proposed) == len(fields(Policy))


@given(direct_s=st.integers(0, 20_000))
def test_nobody_has_to_ride_faster_than_the_bus(direct_s: int) -> None:
    """The longest ride is never below the direct one, and bounded where the direct one allows it."""
    policy = Policy()
    longest_s = policy.longest_ride_s(direct_s)
    assert longest_s >= direct_s
    assert longest_s == direct_s or longest_s <= policy.ride_at_most_s


@given(table_s=st.integers(1, 100_000))
def test_planned_driving_is_never_shorter_than_the_table_says(table_s: int) -> None:
    """Rounding up keeps what the factor promises; no way stays no time."""
    policy = Policy(travel_factor=1.1, travel_buffer_s=20)
    assert policy.driving_s(table_s) >= table_s * 1.1 + 20
    assert policy.driving_s(0) == 0

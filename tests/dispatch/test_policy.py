"""Rules of an area: spelt with their unit, refused in the same spelling."""

import re
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import PolicyError
from dispatch.model import UNREACHABLE, LoadKind, Purpose, load_of
from dispatch.policy import Exempt, Policy
from dispatch.policy_file import read_policy

OLD_OR_DISABLED = frozenset({Exempt.AGE, Exempt.DISABLED})
HOLIDAYS = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
AREA_FILE_DOCS = Path(__file__).parents[2] / "docs/area-file.md"


@pytest.mark.parametrize(
    ("rules", "field", "value"),
    [
        ({"lead_time_min": 30}, "lead_time_s", 1800),
        ({"booking_horizon_days": 7}, "booking_horizon_s", 604_800),
        ({"boarding_s": 45}, "boarding_s", 45),
        ({"ride_factor": 2}, "ride_factor", 2.0),
        ({"snap_m": 100}, "snap_m", 100),
        ({"wait_s": 90}, "wait_s", 90),
        ({"deadline": "17:30"}, "deadline_s", 63_000),
        ({"opens": "8:00", "closes": "26:00"}, "closes_s", 93_600),
        ({"closed_days": [date(2026, 12, 24), "2026-12-25"]}, "closed_days", HOLIDAYS),
        ({"follow_min": 20}, "follow_s", 1200),
        ({"transfer_min": 2}, "transfer_s", 120),
        ({"transfer_slow_s": 400}, "transfer_slow_s", 400),
        ({"connection_wait_min": 20}, "connection_wait_s", 1200),
        ({"connection_walk_m": 600}, "connection_walk_m", 600),
        ({"line_first_min": 60}, "line_first_s", 3600),
        ({"line_first_walk_m": 300}, "line_first_walk_m", 300),
        ({"line_first_longer_min": 15}, "line_first_longer_s", 900),
        ({"line_first_age_years": 75}, "line_first_age_years", 75),
        ({"line_first_not_for": ["age", "disabled"]}, "line_first_not_for", OLD_OR_DISABLED),
        ({"line_first_not_for": "luggage"}, "line_first_not_for", frozenset({Exempt.LUGGAGE})),
        ({"line_first_not_for": []}, "line_first_not_for", frozenset()),
        ({}, "line_first_not_for", frozenset(Exempt)),
    ],
)
def test_units_are_part_of_the_key(rules: dict[str, Any], field: str, value: object) -> None:
    assert getattr(read_policy(rules), field) == value


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
        ({"standing_share": 1.2}, "rule-out-of-range", "between 0 and 1"),
        ({"deadline": 17}, "rule-not-a-time", 'such as "08:00", not 17'),
        ({"opens": "halb neun"}, "rule-not-a-time", "halb neun"),
        ({"closed_days": "Weihnachten"}, "rule-not-a-date", "Weihnachten"),
        ({"closed_days": [datetime(2026, 12, 24)]}, "rule-not-a-date", "2026"),  # noqa: DTZ001
        ({"wait_min": 5, "wait_s": 200}, "rule-twice", "different units"),
        ({"line_first_not_for": ["rich"]}, "rule-not-a-list", "some of disabled, wheelchair"),
        ({"line_first_not_for": [80]}, "rule-not-a-list", "not [80]"),
        ({"line_first_not_for": [["age"]]}, "rule-not-a-list", "not [['age']]"),
        ({"line_first_not_for": True}, "rule-not-a-list", "not True"),
        ({"connection_wait_min": 121}, "rule-out-of-range", "between 0 and 120"),
        ({"line_first_age_years": 131}, "rule-out-of-range", "between 0 and 130"),
        ({"transfer_min": 7}, "rules-contradict", "transfer_min is more than transfer_slow_min"),
        ({"ride_extra_min": 50}, "rules-contradict", "lower the one or raise the other"),
        ({"opens": "18:00", "closes": "08:00"}, "rules-contradict", "26:00"),
        ({"lead_time_min": 1440, "booking_horizon_days": 1}, "rules-contradict", "nothing"),
        ({"deadline": "17:00", "booking_horizon_days": 1}, "rules-contradict", "at least 2"),
        ({"pickup_window_min": 60, "search_window_min": 30}, "rules-contradict", "searched"),
        ({"offers_apart_min": 90}, "rules-contradict", "never a second offer"),
        ({"weight_risk": 1, "risk_slack_min": 0}, "rules-contradict", "no effect"),
    ],
)
def test_mistakes_are_named_as_they_were_written(
    rules: dict[str, Any], code: str, says: str
) -> None:
    with pytest.raises(PolicyError) as error:
        read_policy(rules)
    assert error.value.code == code
    assert says in error.value.message


def test_every_rule_is_documented() -> None:
    """Each spelling that the program proposes stands in the documentation, and the other way round."""
    with pytest.raises(PolicyError) as error:
        read_policy({"nonsense": 1})
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


@given(now_s=st.integers(-10 * 86_400, 86_400), sooner_s=st.integers(0, 86_400))
def test_who_asks_earlier_may_ride_no_later(now_s: int, sooner_s: int) -> None:
    """The soonest pickup never moves back with the clock, and respects lead time, opening and deadline."""
    for policy in (
        Policy(),
        Policy(lead_time_s=0, opens_s=8 * 3600),
        Policy(deadline_s=17 * 3600),
    ):
        soonest_s = policy.soonest_pickup_s(now_s)
        assert policy.soonest_pickup_s(now_s - sooner_s) <= soonest_s
        assert soonest_s >= max(now_s + policy.lead_time_s, policy.opens_s)


def test_after_the_deadline_nothing_can_be_booked() -> None:
    """At five o'clock on the day before it is still time, a second later it is not."""
    policy = Policy(deadline_s=17 * 3600)
    five = 17 * 3600 - 86_400
    assert policy.soonest_pickup_s(five) == policy.opens_s
    assert policy.soonest_pickup_s(five + 1) == UNREACHABLE


def test_each_purpose_has_its_stay() -> None:
    """A stay of its own changes that purpose's only; without a purpose, and for others, the usual one."""
    policy = Policy(stay_s=1)
    own = {Purpose.MEDICAL, Purpose.SHOPPING, Purpose.VISIT, Purpose.AUTHORITY, Purpose.LEISURE}
    for purpose in own:
        changed = read_policy({"stay_s": 1, f"stay_{purpose}_s": 7})
        assert changed.stay_for(purpose) == 7
        assert all(changed.stay_for(p) == policy.stay_for(p) for p in own - {purpose})
    assert {policy.stay_for(p) for p in {None, *Purpose} - own} == {1}


@pytest.mark.parametrize("kind", LoadKind)
def test_everything_takes_its_time(kind: LoadKind) -> None:
    """A party boards no faster for bringing something more, and what is brought alone is not free."""
    policy = Policy(luggage_s=5, alighting_factor=0.5)
    party, more = load_of(seat=1), load_of(**{"seat": 1, kind.value: 2})
    assert policy.boarding_time_s(more) > policy.boarding_time_s(party)
    assert policy.alighting_time_s(more) == round(policy.boarding_time_s(more) / 2)


def test_nobody_walks_with_a_walking_frame() -> None:
    """Walks are for those who can; sixty metres take a minute."""
    policy = Policy()
    assert policy.may_walk_m(load_of(seat=2, pram=1)) == 300
    assert (
        policy.may_walk_m(load_of(seat=1, walker=1))
        == policy.may_walk_m(load_of(wheelchair=1))
        == 0
    )
    assert (policy.walk_s(60), policy.walk_s(61)) == (60, 61)


def test_who_walks_slowly_needs_longer_to_change_and_walks_less_far() -> None:
    """Prams and luggage slow down; only wheelchairs and walking frames shorten the walk."""
    policy = Policy()
    slow = ["wheelchair", "walker", "pram", "luggage"]
    for kind in LoadKind:
        load = load_of(**{"seat": 1, kind.value: 1})
        assert policy.transfer_time_s(load) == (360 if kind in slow else 180)
        assert policy.may_walk_to_line_m(load) == (200 if kind in slow[:2] else 800)

"""The line below which 95 of 100 rides lie."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.export.durations import FEWEST_RIDES, SHARE, fit_safe_duration
from gtfs.export.service import SafeDuration

PROMISED = SafeDuration(1.65, 690)


def test_few_rides_teach_nothing() -> None:
    assert fit_safe_duration([600] * 99, [700] * 99, PROMISED) == PROMISED


def test_a_known_line_is_found() -> None:
    driving = list(range(120, 120 + 10 * FEWEST_RIDES, 10))
    line = fit_safe_duration(driving, [round(1.3 * d) + 200 for d in driving], PROMISED)
    assert line.factor == pytest.approx(1.3, abs=0.011)
    assert line.offset_s == pytest.approx(200, abs=3)


def test_one_ride_that_went_wrong_pulls_nothing() -> None:
    random = np.random.default_rng(7)
    driving = random.integers(120, 1800, 400)
    rides = driving * 1.2 + 120 + random.integers(0, 240, 400)
    usual = fit_safe_duration(driving.tolist(), rides.round().astype(int).tolist(), PROMISED)
    rides[0] = 100_000
    odd = fit_safe_duration(driving.tolist(), rides.round().astype(int).tolist(), PROMISED)
    assert abs(odd.of(900) - usual.of(900)) < 30


@given(
    st.lists(
        st.tuples(st.integers(30, 3600), st.integers(0, 7200)),
        min_size=FEWEST_RIDES,
        max_size=FEWEST_RIDES + 60,
    )
)
def test_at_most_a_twentieth_lies_above(rides: list[tuple[int, int]]) -> None:
    """Whatever was driven: 95 % of the rides take no longer than the line says, and no ride beats a car."""
    line = fit_safe_duration([d for d, _ in rides], [r for _, r in rides], PROMISED)
    above = sum(r > line.factor * d + line.offset_s + 1e-3 for d, r in rides)
    assert above <= (1 - SHARE) * len(rides)
    assert line.factor >= 1
    assert line.offset_s >= 0


def test_every_ride_has_both_times() -> None:
    with pytest.raises(ValueError, match="both"):
        fit_safe_duration([1], [], PROMISED)

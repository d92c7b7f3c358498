"""Every message in words: all kinds, both languages, the right time on every night."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages.model import MUST, Kind, Times
from api.messages.texts import letter
from regions.region import Region

GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
LONGEST = 160
BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
"""Local midnights before the clocks change."""

instants = st.tuples(st.sampled_from([SPRING, AUTUMN]), st.integers(0, 25 * 60)).map(
    lambda at: at[0] + timedelta(minutes=at[1])
)


@pytest.fixture(scope="module")
def area(region: Region) -> Any:
    """Return the area of the village."""
    return region.areas["talheim"]


def clock(moment: datetime) -> str:
    """Tell what the clocks of Berlin show."""
    local = moment.astimezone(BERLIN)
    return f"{local.hour}:{local.minute:02d}"


@given(st.sampled_from(list(Kind)), st.sampled_from(["de", "en"]), instants, st.integers(1, 90))
def test_the_told_time_is_there_in_local_time(
    area: Any, kind: Kind, lang: str, pickup: datetime, late: int
) -> None:
    window, ride = timedelta(minutes=10), timedelta(minutes=40)
    expected = pickup + window + timedelta(minutes=late)
    is_late = kind in {Kind.LATE, Kind.BETTER}
    times = Times(
        pickup,
        pickup + window,
        pickup + ride,
        expected if is_late else None,
        expected + ride if is_late else None,
    )
    told = letter("id", kind, times, (area, "Ahornweg 1, Talheim", lang), "K7M-3QP")
    assert clock(expected if is_late else pickup) in told.text
    assert clock(expected if is_late else pickup) in told.subject
    assert area.phone in told.text
    assert "Ahornweg 1" in told.text
    assert told.text.isprintable()
    assert len(told.text) <= LONGEST
    assert set(told.text) <= GSM


@given(st.text(min_size=1, max_size=200))
def test_however_long_a_place_is_the_rest_is_told(area: Any, place: str) -> None:
    start = SPRING + timedelta(hours=12)
    times = Times(start, start + timedelta(minutes=10), start + timedelta(minutes=40))
    for kind in MUST:
        told = letter("id", kind, times, (area, place, "de"), "K7M-3QP").text
        assert area.phone in told
        assert len(told) <= LONGEST + 36

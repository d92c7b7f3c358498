"""What happens once a day happens once a day: nights with 23 and 25 hours, clocks set back."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.daily import Daily

BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = {
    "spring": datetime(2026, 3, 28, 12, tzinfo=BERLIN),
    "autumn": datetime(2026, 10, 24, 12, tzinfo=BERLIN),
}


def walk(server: Any, daily: Daily, hours: float, minutes: int = 5) -> None:
    for _ in range(int(hours * 60 / minutes)):
        server.clock.move(minutes=minutes)
        daily.run(server.services.context)


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("at", [time(0, 30), time(2), time(2, 30), time(3), time(18)])
def test_each_day_once_when_the_clocks_change(start: Any, night: str, at: time) -> None:
    """The hour that is skipped and the hour that comes twice: one run for each date, none too early."""
    server = start(NIGHTS[night])
    ran: list[tuple[str, datetime]] = []
    daily = Daily("j", at, BERLIN, lambda key: ran.append((key, server.clock.now())))
    walk(server, daily, 72)
    first = NIGHTS[night].date()
    keys = [(first + timedelta(days=ahead)).isoformat() for ahead in range(-1, 4)]
    assert [key for key, _ in ran] == [key for key in keys if key in dict(ran)]
    assert len(ran) in {4, 5}
    for key, instant in ran[1:]:
        due = datetime.combine(datetime.fromisoformat(key).date(), at, BERLIN).astimezone(UTC)
        assert timedelta() <= instant - due < timedelta(minutes=5)


@pytest.mark.parametrize("hour", range(24))
def test_a_clock_set_back_an_hour_repeats_nothing(server: Any, hour: int) -> None:
    ran: list[str] = []
    daily = Daily("j", time(2, 30), BERLIN, ran.append)
    walk(server, daily, hour, 15)
    server.clock.move(hours=-1)
    walk(server, daily, 49 - hour, 15)
    assert set(Counter(ran).values()) == {1}
    assert len(ran) in {2, 3}


def test_what_failed_is_done_when_asked_again(server: Any) -> None:
    ran, errors = [], [RuntimeError()]

    def work(key: str) -> None:
        if errors:
            raise errors.pop()
        ran.append(key)

    daily = Daily("j", time(2, 30), BERLIN, work)
    with pytest.raises(RuntimeError):
        daily.run(server.services.context)
    assert daily.run(server.services.context)
    assert not daily.run(server.services.context)
    assert ran == ["2026-03-30"]


def test_another_process_knows_that_it_is_done(start: Any) -> None:
    ran: list[str] = []
    daily = Daily("j", time(2, 30), BERLIN, ran.append)
    daily.run(start().services.context)
    daily.run(start().services.context)
    assert len(ran) == 1


def test_after_a_week_off_only_the_last_day_is_made_up_for(server: Any) -> None:
    ran: list[str] = []
    daily = Daily("j", time(2, 30), BERLIN, ran.append)
    daily.run(server.services.context)
    server.clock.move(days=7)
    daily.run(server.services.context)
    assert ran == ["2026-03-30", "2026-04-06"]

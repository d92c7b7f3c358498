"""How times, days, money and distances are written."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from api.i18n import language

MOMENT = datetime(2026, 4, 2, 7, 5, tzinfo=UTC)


def test_clock_has_no_leading_zero_and_follows_the_zone() -> None:
    assert language("de").clock(MOMENT, ZoneInfo("Europe/Berlin")) == "9:05"
    assert language("en").clock(MOMENT) == "7:05"


def test_days_carry_their_weekday() -> None:
    assert language("de").day(date(2026, 4, 2)) == "Donnerstag, 2. April"
    assert language("en").day(date(2026, 4, 2)) == "Thursday, 2 April"
    assert language("de").short_day(date(2026, 4, 2)) == "Do. 2.4."


def test_money_and_distance() -> None:
    assert language("de").money(200, "EUR") == "2,00\xa0€"
    assert language("en").money(1250, "EUR") == "€12.50"
    assert language("de").kilometres(12_345) == "12,3 km"

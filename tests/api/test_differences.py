"""What is different about an offer, in words that can be read aloud."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.differences import difference_answer
from api.schemas.answers import OfferAnswer, Spot
from dispatch.answers import Difference, Kind
from dispatch.model import load_of

THURSDAY = date(2026, 4, 2)
NINE = datetime(2026, 4, 2, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def offer(*, days: int = 0, walk_to_m: int = 0, walk_from_m: int = 0) -> OfferAnswer:
    """Make an offer for nine o'clock, so many days after Thursday."""
    at = NINE + timedelta(days=days)
    return OfferAnswer(
        token="",
        pickup_from=at,
        pickup_until=at,
        arrive_by=at,
        planned_pickup=at,
        planned_arrival=at,
        ride_minutes=10,
        direct_minutes=10,
        fare_cents=200,
        shared=False,
        origin=Spot(label="Kirche", lon=9.1, lat=48.4),
        destination=Spot(label="Markt", lon=9.2, lat=48.4),
        walk_to_m=walk_to_m,
        walk_from_m=walk_from_m,
    )


def told(kind: Kind, later_min: int = 0, **more: int) -> Difference:
    """Make a difference with one person riding."""
    figures = {"longer_s": 0, "persons": 2} | more
    return Difference(kind=kind, later_s=later_min * 60, **figures)


@pytest.mark.parametrize(
    ("difference", "answer", "german", "english"),
    [
        (told(Kind.BEST, 2), offer(), "wie gewünscht", "as wished"),
        (told(Kind.BEST, 25), offer(), "25 Minuten später", "25 minutes later"),
        (told(Kind.LATER, 20), offer(), "20 Minuten später", "20 minutes later"),
        (told(Kind.EARLIER, -1), offer(), "1 Minute früher", "1 minute earlier"),
        (
            told(Kind.OTHER_STOP),
            offer(walk_to_m=150),
            "ab Haltestelle Kirche, 150 m Fußweg",
            "from the stop Kirche, 150 m on foot",
        ),
        (
            told(Kind.LATER, 10),
            offer(walk_from_m=200),
            "10 Minuten später, bis Haltestelle Markt, 200 m Fußweg",
            "10 minutes later, to the stop Markt, 200 m on foot",
        ),
        (told(Kind.OTHER_STOP), offer(), "ohne Fußweg", "without walking"),
        (told(Kind.SHORTER_RIDE), offer(), "kürzere Fahrt", "shorter ride"),
        (
            told(Kind.LONGER_RIDE, longer_s=601),
            offer(),
            "bis zu 11 Minuten länger im Bus als üblich",
            "up to 11 minutes longer aboard than usual",
        ),
        (told(Kind.PART), offer(), "für 2 von 3 Personen", "for 2 of 3 persons"),
        (
            told(Kind.OTHER_DAY, 5, days=1),
            offer(days=1),
            "morgen um 9:00 Uhr",
            "tomorrow at 9:00",
        ),
        (
            told(Kind.OTHER_DAY, days=2),
            offer(days=2),
            "am Samstag, 4. April um 9:00 Uhr",
            "on Saturday, 4 April at 9:00",
        ),
    ],
)
def test_the_words_say_what_is_different(
    difference: Difference, answer: OfferAnswer, german: str, english: str
) -> None:
    said = difference_answer(difference, answer, load_of(seat=2, child_seat=1, walker=1), THURSDAY)
    assert (said.text_de, said.text_en) == (german, english)
    assert said.minutes_later == difference.later_s // 60
    assert (said.days_later, said.persons) == (difference.days, difference.persons)


def test_tomorrow_is_counted_from_the_day_of_the_call() -> None:
    """A wish for Friday refused on Thursday: Saturday is no longer tomorrow."""
    said = difference_answer(told(Kind.OTHER_DAY, days=1), offer(days=2), load_of(seat=1), THURSDAY)
    assert said.text_de.startswith("am Samstag")

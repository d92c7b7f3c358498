"""What is different about an answer, in words a person can be told and in figures for programs."""

from collections.abc import Iterator
from datetime import date

from api.i18n import language
from api.schemas.answers import DifferenceAnswer, OfferAnswer
from dispatch.answers import Difference, Kind
from dispatch.model import persons
from dispatch.model.load import Load

_MINUTE = 60
_Words = tuple[str, str]
"""German and English."""
_AS_WISHED = "wie gewünscht", "as wished"
_NOT_WORTH_SAYING_S = 5 * _MINUTE
"""The best offer is as wished if it is no farther off than this."""


def difference_answer(
    difference: Difference, offer: OfferAnswer, party: Load, today: date
) -> DifferenceAnswer:
    """Describe how an offer differs from what was wished.

    Parameters
    ----------
    difference
        As dispatch sees it.
    offer
        The offer, with its places, walks and told times.
    party
        Who wished to travel.
    today
        The day the answer is given, on the clocks of the area: the next one is "tomorrow".
    """
    pieces = list(_pieces(difference, offer, persons(party), today)) or [_AS_WISHED]
    german, english = (", ".join(words) for words in zip(*pieces, strict=True))
    return DifferenceAnswer(
        minutes_later=round(difference.later_s / _MINUTE),
        days_later=difference.days,
        ride_minutes_longer=-(-difference.longer_s // _MINUTE),
        persons=difference.persons,
        text_de=german,
        text_en=english,
    )


def _pieces(told: Difference, offer: OfferAnswer, party: int, today: date) -> Iterator[_Words]:
    """Yield what is to be said, the most telling first."""
    if told.kind is Kind.PART:
        yield (
            f"für {told.persons} von {party} Personen",
            f"for {told.persons} of {party} persons",
        )
    if told.days:
        yield _day(offer, today)
    elif abs(told.later_s) >= (_NOT_WORTH_SAYING_S if told.kind is Kind.BEST else _MINUTE):
        yield _later(round(told.later_s / _MINUTE))
    yield from _walks(offer)
    if told.kind is Kind.SHORTER_RIDE:
        yield "kürzere Fahrt", "shorter ride"
    if told.longer_s:
        minutes = -(-told.longer_s // _MINUTE)
        yield (
            f"bis zu {_minutes_de(minutes)} länger im Bus als üblich",
            f"up to {_minutes_en(minutes)} longer aboard than usual",
        )
    if told.kind is Kind.OTHER_STOP and not (offer.walk_to_m or offer.walk_from_m):
        yield "ohne Fußweg", "without walking"


def _later(minutes: int) -> _Words:
    if minutes > 0:
        return f"{_minutes_de(minutes)} später", f"{_minutes_en(minutes)} later"
    return f"{_minutes_de(-minutes)} früher", f"{_minutes_en(-minutes)} earlier"


def _minutes_de(minutes: int) -> str:
    return "1 Minute" if minutes == 1 else f"{minutes} Minuten"


def _minutes_en(minutes: int) -> str:
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _day(offer: OfferAnswer, today: date) -> _Words:
    """Name another day and the time of the pickup on it."""
    start = offer.pickup_from
    german, english = language("de"), language("en")
    if (start.date() - today).days == 1:
        return f"morgen um {german.clock(start)} Uhr", f"tomorrow at {english.clock(start)}"
    return (
        f"am {german.day(start)} um {german.clock(start)} Uhr",
        f"on {english.day(start)} at {english.clock(start)}",
    )


def _walks(offer: OfferAnswer) -> Iterator[_Words]:
    for metres, place, (german, english) in (
        (offer.walk_to_m, offer.origin.label, ("ab", "from")),
        (offer.walk_from_m, offer.destination.label, ("bis", "to")),
    ):
        if metres:
            yield (
                f"{german} Haltestelle {place}, {metres} m Fußweg",
                f"{english} the stop {place}, {metres} m on foot",
            )

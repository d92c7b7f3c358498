"""From what was typed to a place: taken where it is clear, asked back where it is not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from api.errors import Problem
from api.i18n import Language
from api.pages.resident.search import NO_NUMBER, NO_STREET, Search, parse_place, place_value
from api.routes.dependencies import House
from api.schemas.answers import PlaceAnswer, Spot
from api.schemas.requests import AddressText, Point
from regions.area import Area
from routing.addresses.house_number import house_numbers_in


@dataclass(frozen=True, slots=True)
class Question:
    """Places to choose from for one field, ``von`` or ``nach``.

    ``missing`` is the kind of the likeliest place, "street" or "place", where only the house number is
    missing: the page has a field for it. ``number`` is the one that was typed and that nobody knows.
    """

    name: str
    text: str
    places: tuple[dict[str, object], ...]
    missing: str
    number: str

    @property
    def is_about_number(self) -> bool:
        """Whether nothing but a house number is in question: no second street or village is offered."""
        return bool(self.missing) and sum(bool(place["missing"]) for place in self.places) == 1


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a ride as far as they are known.

    ``search`` carries the places found; ``questions`` and ``problems`` name what is left to do.
    """

    search: Search
    questions: list[Question] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def points(self) -> tuple[Point, Point] | None:
        """Origin and destination, once both are known."""
        origin = parse_place(self.search.origin_place)
        destination = parse_place(self.search.destination_place)
        return (origin, destination) if origin and destination else None


def find_ends(search: Search, house: House, area: Area, lang: Language) -> Ends:
    """Look up the ends of a ride that are still text.

    A clear address is taken; several candidates become a question; none a problem.
    """
    ends = Ends(search)
    for name, text_field, place_field in (
        ("von", "origin", "origin_place"),
        ("nach", "destination", "destination_place"),
    ):
        if getattr(search, place_field):
            continue
        text = getattr(search, text_field)
        try:
            spot = house.context.finders[area.id].resolve(AddressText(address=text))
        except Problem as problem:
            if problem.code == "address-unclear":
                ends.questions.append(_question(name, text, house.search(area.id, text).places))
                continue
            sentence = lang.text(
                "We do not find “%(text)s”. Please check how it is written, and add the village."
            )
            ends.problems[name] = sentence % {"text": text}
        else:
            known = {text_field: spot.label, place_field: _value(spot)}
            ends = replace(ends, search=replace(ends.search, **known))
    return ends


def _question(name: str, text: str, found: Iterable[PlaceAnswer]) -> Question:
    """Offer each name once: a stop and the house it stands at are the same place to a rider."""
    by_label: dict[str, PlaceAnswer] = {}
    for place in found:
        by_label.setdefault(place.label, place)
    listed = tuple(by_label.values())
    places = tuple(
        {
            "label": place.label,
            "value": _value(place, _mark(place)),
            "inside": place.inside,
            "missing": place.kind if place.number_missing else "",
        }
        for place in listed
    )
    missing = listed[0].kind if listed and listed[0].number_missing else ""
    return Question(name, text, places, missing, _unknown_number(text, listed) if missing else "")


def _unknown_number(text: str, listed: Sequence[PlaceAnswer]) -> str:
    """Return the house number in what was typed, "" if there is none or it is part of a name."""
    names = {word for place in listed for word in place.label.split()}
    numbers = (number for number, _ in house_numbers_in(text))
    return next((number for number in numbers if number not in names), "")


def _mark(place: PlaceAnswer) -> str:
    """Tell the driver, too, that nobody knows the door."""
    if not place.number_missing:
        return ""
    return NO_NUMBER if place.kind == "street" else NO_STREET


def _value(place: Spot, mark: str = "") -> str:
    return place_value(place.label + mark, place.lon, place.lat)

"""From what was typed to a place: taken where it is clear, asked back where it is not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from api.i18n import Language
from api.pages.resident.search import Search, parse_place, place_value
from api.schemas.answers import PlaceAnswer
from api.schemas.requests import Point

Find = Callable[[str], Sequence[PlaceAnswer]]


@dataclass(frozen=True, slots=True)
class Question:
    """Places to choose from for one field, ``von`` or ``nach``."""

    name: str
    text: str
    places: tuple[dict[str, object], ...]


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


def find_ends(search: Search, find: Find, lang: Language) -> Ends:
    """Look up the ends of a ride that are still text.

    One exact match is taken; several candidates become a question; none a problem.
    """
    ends = Ends(search)
    for name, text_field, place_field in (
        ("von", "origin", "origin_place"),
        ("nach", "destination", "destination_place"),
    ):
        if getattr(search, place_field):
            continue
        text = getattr(search, text_field)
        found = tuple(find(text))
        exact = [place for place in found if place.exact]
        if len(exact) == 1:
            place = exact[0]
            known = {text_field: place.label, place_field: _value(place)}
            ends = replace(ends, search=replace(ends.search, **known))
        elif found:
            ends.questions.append(_question(name, text, found))
        else:
            sentence = lang.text(
                "We do not find “%(text)s”. Please check how it is written, and add the village."
            )
            ends.problems[name] = sentence % {"text": text}
    return ends


def _question(name: str, text: str, found: Sequence[PlaceAnswer]) -> Question:
    places = tuple(
        {"label": place.label, "value": _value(place), "inside": place.inside} for place in found
    )
    return Question(name, text, places)


def _value(place: PlaceAnswer) -> str:
    return place_value(place.label, place.lon, place.lat)

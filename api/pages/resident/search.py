"""What a person typed into the search form: kept as typed, checked kindly, turned into a wish."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from api.i18n import Language
from api.schemas.fields import EARLIEST, LATEST, Passengers
from api.schemas.requests import Point
from api.servicetime import NoSuchTime, ServiceDay, instant_of
from dispatch.model import LOAD_KINDS, LoadKind, TimeKind
from regions.area import Area

ARRIVE = "bis"
_LABEL_LENGTH = 200
_COORDINATES_LENGTH = 40
_NUMBER_LENGTH = 60
NO_NUMBER = " (ohne Hausnummer)"
NO_STREET = " (ohne Straße)"
"""Ends of the labels of places that a rider named only roughly; the driver reads them too."""
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h ]?\s*(\d{2}))?\s*(?:uhr|h)?", re.IGNORECASE)
_PLACE = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?),(-?\d{1,2}(?:\.\d{1,9})?)\|(.+)")


@dataclass(frozen=True, slots=True)
class Search:
    """The fields of the search form, as text; their German names are those in the address bar."""

    area: str = ""
    origin: str = ""
    origin_place: str = ""
    origin_number: str = ""
    destination: str = ""
    destination_place: str = ""
    destination_number: str = ""
    kind: str = ""
    day: str = ""
    time: str = ""
    persons: str = "1"
    wheelchair: str = ""
    walker: str = ""
    pram: str = ""
    no_line: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Search":
        """Read the form from a query or a posted form.

        A chosen place counts only if its label is what the text says, or if there is no text. With a
        house number added to a street it is text again, to be looked up.
        """
        values = {name: one_line(query[key]) for name, key in _KEYS.items() if key in query}
        search = cls(**values)
        for text in ("origin", "destination"):
            place, number = f"{text}_place", f"{text}_number"
            point = parse_place(getattr(search, place))
            typed, added = getattr(search, text), getattr(search, number)[:_NUMBER_LENGTH]
            search = replace(search, **{number: ""})
            if point is not None and added and without_number(point.label or ""):
                whole = with_number(point.label or "", added)
                search = replace(search, **{text: whole[:_LABEL_LENGTH], place: ""})
            elif point is not None and point.label and typed in ("", point.label):
                search = replace(search, **{text: point.label})
            else:
                typed = typed.removesuffix(NO_NUMBER).removesuffix(NO_STREET)
                search = replace(search, **{text: typed[:_LABEL_LENGTH], place: ""})
        return search

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and values for a form or an address, without what is empty."""
        values = ((key, getattr(self, name)) for name, key in _KEYS.items())
        return tuple((key, value) for key, value in values if value)

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs)


_KEYS = {
    "area": "gebiet",
    "origin": "von",
    "origin_place": "von_ort",
    "origin_number": "von_nummer",
    "destination": "nach",
    "destination_place": "nach_ort",
    "destination_number": "nach_nummer",
    "kind": "art",
    "day": "tag",
    "time": "zeit",
    "persons": "personen",
    "wheelchair": "rollstuhl",
    "walker": "rollator",
    "pram": "kinderwagen",
    "no_line": "ohne_linie",
}


def one_line(text: str) -> str:
    """Take out what no keyboard types, so that a field stays one line of bounded length."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[
        : _COORDINATES_LENGTH + _LABEL_LENGTH
    ]


@dataclass(frozen=True, slots=True)
class Wish:
    """When and who, of a search form without mistakes."""

    kind: TimeKind
    moment: datetime
    passengers: Passengers
    no_line: bool = False
    """The rider cannot take the line although one goes."""


def without_number(label: str) -> bool:
    """Whether a label is marked as a whole street or village."""
    return label.endswith((NO_NUMBER, NO_STREET))


def with_number(label: str, added: str) -> str:
    """Put a house number, or street and number, into a label that is marked as lacking it."""
    if label.endswith(NO_STREET):
        return f"{added}, {label.removesuffix(NO_STREET)}"
    street, comma, town = label.removesuffix(NO_NUMBER).partition(", ")
    return f"{street} {added}{comma}{town}"


def place_value(label: str, lon: float, lat: float) -> str:
    """Write a place for a form field: ``lon,lat|label``."""
    return f"{lon:.6f},{lat:.6f}|{label}"


def parse_place(value: str) -> Point | None:
    """Read what :func:`place_value` wrote; None for anything else."""
    match = _PLACE.fullmatch(value)
    label = match[3].strip() if match else ""
    if match is None or not label.isprintable() or not 0 < len(label) <= _LABEL_LENGTH:
        return None
    lon, lat = float(match[1]), float(match[2])
    if abs(lon) > 180 or abs(lat) > 90:  # noqa: PLR2004  degrees
        return None
    return Point(lon=lon, lat=lat, label=label)


def parse_clock(text: str) -> time | None:
    """Read a time of day as people write it: ``9``, ``9:30``, ``9.30``, ``930``, ``9 Uhr``."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004  a clock


def bookable_days(
    area: Area, now: datetime, added: Mapping[date, int] = MappingProxyType({})
) -> tuple[date, ...]:
    """Return the days with a shift that can still be reached, up to the booking horizon.

    ``added`` says when shifts beyond the week's plan end, by day.
    """
    today = now.astimezone(area.time_zone).date()
    count = area.policy.booking_horizon_s // 86_400 + 1
    days = (today + timedelta(days=ahead) for ahead in range(count))
    return tuple(day for day in days if _open_after(area, day, now, added.get(day, 0)))


def _open_after(area: Area, day: date, now: datetime, added_s: int) -> bool:
    soonest_s = area.policy.soonest_pickup_s(ServiceDay(day, area.time_zone).seconds(now))
    return added_s > soonest_s or any(s.end_s > soonest_s for s in area.shifts_on(day))


def most_persons(area: Area) -> int:
    """Return the largest party any vehicle of the area seats."""
    seat = LOAD_KINDS.index(LoadKind.SEAT)
    seats = [
        min(limit.at_most // limit.coefficients[seat] for limit in limits)
        for vehicle in area.vehicles
        if (limits := [one for one in vehicle.limits if one.coefficients[seat]])
    ]
    return max(seats, default=1)


def check(
    search: Search, area: Area, now: datetime, lang: Language
) -> tuple[Wish | None, dict[str, str]]:
    """Turn the form into a wish, or name what is missing in one sentence per field.

    Returns
    -------
    The wish (None if anything is wrong) and the sentences by field name.
    """
    problems: dict[str, str] = {}
    if not search.origin:
        problems["von"] = lang.text("Please tell us where we may pick you up.")
    if not search.destination:
        problems["nach"] = lang.text("Please tell us where you would like to go.")
    moment = _moment(search, area, now, lang, problems)
    passengers = _passengers(search, area, lang, problems)
    if moment is None or passengers is None or problems:
        return None, problems
    kind = TimeKind.ARRIVE_BY if search.kind == ARRIVE else TimeKind.DEPART_AT
    no_line = bool(search.no_line)
    return Wish(kind=kind, moment=moment, passengers=passengers, no_line=no_line), problems


def _moment(
    search: Search, area: Area, now: datetime, lang: Language, problems: dict[str, str]
) -> datetime | None:
    no_day = lang.text("Please choose one of the days in the list.")
    try:
        day = date.fromisoformat(search.day)
    except ValueError:
        problems["tag"] = no_day
        return None
    clock = parse_clock(search.time)
    if clock is None:
        problems["zeit"] = lang.text("Please enter a time, for example 9:30.")
        return None
    try:
        moment = instant_of(day, clock, area.time_zone)
    except NoSuchTime:
        problems["zeit"] = lang.text("The clocks change in that hour. Please choose another time.")
        return None
    if not EARLIEST <= moment < LATEST:
        problems["tag"] = no_day
        return None
    if moment < now:
        problems["zeit"] = lang.text("That time has already passed. Please choose a later one.")
    return moment


def _passengers(
    search: Search, area: Area, lang: Language, problems: dict[str, str]
) -> Passengers | None:
    most = most_persons(area)
    persons = int(search.persons) if re.fullmatch(r"[0-9]{1,2}", search.persons) else 0
    if not 1 <= persons <= most:
        sentence = lang.text("Please enter how many persons travel, from 1 to %(most)s.")
        problems["personen"] = sentence % {"most": most}
        return None
    chairs = 1 if search.wheelchair else 0
    return Passengers(
        seat=persons - chairs,
        wheelchair=chairs,
        walker=1 if search.walker else 0,
        pram=1 if search.pram else 0,
    )


def stop_choices(area: Area) -> Sequence[dict[str, str]]:
    """Return the stops of an area that serves stops only, for a list to choose from."""
    return [
        {"label": stop.name, "value": place_value(stop.name, stop.lon, stop.lat)}
        for stop in sorted(area.stops, key=lambda stop: stop.name)
    ]

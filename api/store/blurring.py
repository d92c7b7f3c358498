"""Taking the person off what is stored: names and numbers go, places become villages, figures stay.

What statistics count (times, loads, status, fares, distances) is the same before and after.
"""

import json
from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import Any

from api.store.details import Details
from api.store.tables import BookingRow, VisitRow

_DECIMALS = 2
GRID = 10.0**_DECIMALS
"""Steps of a degree positions are rounded to: about a kilometre, a village and not a house."""
_EARTH_M = 6_371_009
_TEXTS = ("line", "trip", "stop")
"""What names the line a ride meets."""
BLURRED_EVENTS = frozenset({"offer_taken", "booking_changed"})
"""Events that hold a whole offer: places and lines."""
FORGOTTEN = ""
"""The name of who is forgotten; nobody can book under it."""


def blurred(degrees: float) -> float:
    """Round a longitude or latitude."""
    return round(degrees, _DECIMALS)


def village(lon: float, lat: float) -> str:
    """Name a blurred place: nothing but where it roughly is."""
    return f"{blurred(lat)}, {blurred(lon)}"


def blur_visit(row: VisitRow) -> None:
    """Take the exact place off a halt."""
    row.lon, row.lat = blurred(row.lon), blurred(row.lat)


def blur_booking(row: BookingRow) -> None:
    """Take the person off a ride; how far it was is written down before the places go.

    The short code goes as well: old tour sheets say whose it was.
    """
    row.details = _blurred_details(row)
    row.code, row.name, row.phone = row.id, FORGOTTEN, None
    row.origin_label = village(row.origin_lon, row.origin_lat)
    row.destination_label = village(row.destination_lon, row.destination_lat)
    row.origin_lon, row.origin_lat = blurred(row.origin_lon), blurred(row.origin_lat)
    row.destination_lon = blurred(row.destination_lon)
    row.destination_lat = blurred(row.destination_lat)


def direct_m(row: BookingRow) -> int:
    """Metres from origin to destination as the crow flies; as they were before the places went."""
    kept: int | None = row.details.get("direct_m")
    if kept is not None:
        return kept
    start, end = radians(row.origin_lat), radians(row.destination_lat)
    across = radians(row.destination_lon - row.origin_lon)
    half = sin((end - start) / 2) ** 2 + cos(start) * cos(end) * sin(across / 2) ** 2
    return round(2 * _EARTH_M * asin(sqrt(half)))


def blurred_payload(payload: str) -> str:
    """Return the text of an event without names of places and lines, and with blurred positions."""
    return json.dumps(_blurred(json.loads(payload)), ensure_ascii=False, sort_keys=True)


def _blurred_details(row: BookingRow) -> Details:
    details: Details = _blurred(row.details) | {"direct_m": direct_m(row)}
    stranded = details.get("stranded_at")
    return details | ({"stranded_at": [*map(blurred, stranded)]} if stranded else {})


def _blurred(value: Any) -> Any:  # noqa: ANN401  # plain data of any kind
    """Blur every spot and every line in plain data, however deep."""
    if isinstance(value, list):
        return [_blurred(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    data: dict[str, Any] = {
        key: "" if key in _TEXTS else _blurred(each) for key, each in value.items()
    }
    if "lon" in data and "lat" in data:
        lon, lat = data["lon"], data["lat"]
        data |= {"lon": blurred(lon), "lat": blurred(lat)}
        data |= {"label": village(lon, lat)} if "label" in data else {}
    return data

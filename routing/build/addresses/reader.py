"""Read what people may ask for out of an OSM extract: addresses, streets, settlements, places, stops."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import osmium

from routing.addresses.place_kinds import PlaceKind, kind_of, tag_keys
from routing.build.in_order import in_order
from routing.build.osm import reading
from routing.spot import Spot

SETTLEMENTS = {
    "city": 100_000,
    "town": 10_000,
    "village": 1_000,
    "suburb": 500,
    "quarter": 300,
    "hamlet": 100,
    "neighbourhood": 50,
    "isolated_dwelling": 10,
    "farm": 10,
    "locality": 1,
}
_OTHER_NAMES = ("alt_name", "official_name", "short_name", "loc_name", "old_name", "name:de")
_NO_STREET = frozenset({"motorway", "motorway_link", "proposed", "construction", "platform"})
_STREET_KEYS = ("addr:street", "addr:place", "addr:hamlet", "addr:city")
_INTERPOLATION = "addr:interpolation"
_KEYS = ("addr:housenumber", _INTERPOLATION, "highway", "public_transport", "railway", "place")


class RawAddress(NamedTuple):
    """A house number as tagged; empty text where a tag is missing."""

    street: str
    number: str
    city: str
    suburb: str
    postcode: str
    lon: float
    lat: float


class RawName(NamedTuple):
    """Something with a name and one point; `detail` is the kind of settlement or place."""

    name: str
    others: tuple[str, ...]
    detail: str
    city: str
    lon: float
    lat: float


class RawSeries(NamedTuple):
    """A line along which houses are numbered: `rule` is the tag, `numbered` its houses.

    Parameters
    ----------
    numbered
        Addresses on the line with their index in `line`.
    line
        Longitude and latitude of its points.
    """

    rule: str
    numbered: tuple[tuple[int, RawAddress], ...]
    line: tuple[Spot, ...]


@dataclass(slots=True)
class Gathered:
    """Everything of an extract that has to do with addresses, in the order of the file.

    `lines` holds the points of each of the `streets`.
    """

    addresses: list[RawAddress] = field(default_factory=list)
    series: list[RawSeries] = field(default_factory=list)
    streets: list[RawName] = field(default_factory=list)
    lines: list[tuple[Spot, ...]] = field(default_factory=list)
    settlements: list[RawName] = field(default_factory=list)
    pois: list[RawName] = field(default_factory=list)
    stops: list[RawName] = field(default_factory=list)


def gather(osm: Path) -> Gathered:
    """Read `osm` once (relations twice) and sort its named and numbered objects.

    Raises
    ------
    ExtractError
        The extract cannot be read.
    """
    with reading(osm):
        return in_order(osm, _gather)


def _gather(osm: Path) -> Gathered:
    gathered = Gathered()
    numbered: dict[int, RawAddress] = {}
    keys = osmium.filter.KeyFilter(*_KEYS, *tag_keys())
    things: Iterable[Any] = osmium.FileProcessor(osm).with_areas(keys).with_filter(keys)
    for thing in things:
        if thing.is_relation() or (thing.is_area() and thing.from_way()):
            continue  # closed ways have come as ways, multipolygons come as areas
        tags = dict(thing.tags)
        point = _point(thing)
        if not point:
            continue
        if "addr:housenumber" in tags and _INTERPOLATION not in tags:
            gathered.addresses.append(_address(tags, point))
            if thing.is_node():
                numbered[thing.id] = gathered.addresses[-1]
        elif _INTERPOLATION in tags and thing.is_way():
            gathered.series.append(_series(tags[_INTERPOLATION], thing, numbered))
        _sort_in(gathered, tags, point)
        if thing.is_way() and _is_street(tags):
            gathered.streets.append(_named(tags, tags["highway"], point))
            gathered.lines.append(tuple(_known(thing.nodes)))
    return gathered


def _series(rule: str, way: Any, numbered: dict[int, RawAddress]) -> RawSeries:  # noqa: ANN401
    nodes = [node for node in way.nodes if node.location.valid()]
    houses = [(at, numbered[node.ref]) for at, node in enumerate(nodes) if node.ref in numbered]
    return RawSeries(rule, tuple(houses), tuple((node.lon, node.lat) for node in nodes))


def _sort_in(gathered: Gathered, tags: dict[str, str], point: Spot) -> None:
    """Put one OSM object into every list of named things it belongs to; streets are lines."""
    name = tags.get("name", "").strip()
    kind = kind_of(tags)
    if kind and (name or kind.unnamed):
        gathered.pois.append(_poi(tags, name, kind, point))
    if not name:
        return
    if _is_stop(tags):
        gathered.stops.append(_named(tags, "stop", point))
    elif tags.get("place") in SETTLEMENTS:
        gathered.settlements.append(_named(tags, tags["place"], point))


def _is_street(tags: dict[str, str]) -> bool:
    if not tags.get("name", "").strip() or tags.get("place") in SETTLEMENTS or _is_stop(tags):
        return False
    return tags.get("highway", "platform") not in _NO_STREET


def _is_stop(tags: dict[str, str]) -> bool:
    if tags.get("highway") == "bus_stop" or tags.get("railway") == "tram_stop":
        return True
    return tags.get("public_transport") == "platform" and tags.get("train") != "yes"


def _address(tags: dict[str, str], point: Spot) -> RawAddress:
    street = next((tags[key] for key in _STREET_KEYS if key in tags), "")
    return RawAddress(
        street.strip(),
        tags["addr:housenumber"].strip(),
        tags.get("addr:city", "").strip(),
        (tags.get("addr:suburb") or tags.get("addr:hamlet") or "").strip(),
        tags.get("addr:postcode", "").strip(),
        *point,
    )


def _poi(tags: dict[str, str], name: str, kind: PlaceKind, point: Spot) -> RawName:
    brand = tags.get("brand") or tags.get("operator", "")
    others = (*_other_names(tags), brand) if brand and brand != name else _other_names(tags)
    return RawName(name, others, kind.id, tags.get("addr:city", "").strip(), *point)


def _named(tags: dict[str, str], detail: str, point: Spot) -> RawName:
    return RawName(tags["name"].strip(), _other_names(tags), detail, "", *point)


def _other_names(tags: dict[str, str]) -> tuple[str, ...]:
    """Further names people may know something by."""
    found = (part.strip() for key in _OTHER_NAMES for part in tags.get(key, "").split(";"))
    return tuple(dict.fromkeys(name for name in found if name and name != tags.get("name")))


def _point(thing: Any) -> Spot | None:  # noqa: ANN401 - osmium has no types
    """One place (lon, lat) for an OSM object: on the line for roads, the middle for outlines."""
    if thing.is_node():
        return (thing.lon, thing.lat) if thing.location.valid() else None
    if thing.is_way():
        if "highway" in thing.tags:
            nodes = _known(thing.nodes)
            return nodes[len(nodes) // 2] if nodes else None
        return _middle(thing.nodes)
    rings = [node for ring in thing.outer_rings() for node in ring]
    return _middle(rings)


def _middle(nodes: Iterable[Any]) -> Spot | None:
    """Mean of the corners; the closing point of a ring counts once."""
    corners = list(dict.fromkeys(_known(nodes)))
    if not corners:
        return None
    lons, lats = zip(*corners, strict=True)
    return sum(lons) / len(corners), sum(lats) / len(corners)


def _known(nodes: Iterable[Any]) -> list[Spot]:
    """Coordinates of the nodes that are in the extract."""
    return [(node.lon, node.lat) for node in nodes if node.location.valid()]

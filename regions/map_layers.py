"""Which OSM object goes on which layer of the map, with which properties."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Tags = Mapping[str, str]
Properties = dict[str, Any]
Found = list[tuple[str, Properties]]

_COVER = {
    "forest": "forest",
    "wood": "forest",
    "scrub": "forest",
    "meadow": "meadow",
    "grass": "meadow",
    "grassland": "meadow",
    "heath": "meadow",
    "village_green": "park",
    "recreation_ground": "park",
    "cemetery": "park",
    "allotments": "orchard",
    "orchard": "orchard",
    "vineyard": "orchard",
    "farmland": "farmland",
    "farmyard": "residential",
    "residential": "residential",
    "retail": "residential",
    "commercial": "industrial",
    "industrial": "industrial",
    "quarry": "rock",
    "bare_rock": "rock",
    "scree": "rock",
    "glacier": "rock",
}
_ROADS = {
    "motorway": "motorway",
    "trunk": "motorway",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
    "unclassified": "street",
    "residential": "street",
    "living_street": "street",
    "road": "street",
    "pedestrian": "street",
    "service": "service",
    "track": "track",
    "path": "path",
    "footway": "path",
    "cycleway": "path",
    "bridleway": "path",
    "steps": "path",
}
_ROADS_FROM_ZOOM = {
    "secondary": 8,
    "tertiary": 9,
    "street": 11,
    "service": 13,
    "track": 12,
    "path": 13,
}
_PLACES_FROM_ZOOM = {0: 6, 1: 6, 2: 8, 3: 11, 4: 12}
_FROM_ZOOM = {"building": 13, "poi": 13, "housenumber": 14, "rail": 8}
_COUNTY_LEVEL = 6
_PLACES = {
    "city": 0,
    "town": 1,
    "village": 2,
    "hamlet": 3,
    "suburb": 3,
    "isolated_dwelling": 4,
    "farm": 4,
}
_POIS = frozenset(
    [
        "doctors",
        "clinic",
        "hospital",
        "pharmacy",
        "dentist",
        "townhall",
        "place_of_worship",
        "school",
        "kindergarten",
        "bank",
        "post_office",
        "library",
        "community_centre",
        "social_facility",
        "restaurant",
        "cafe",
    ]
)
_RAIL = frozenset({"rail", "light_rail", "narrow_gauge", "tram"})
_STATIONS = frozenset({"station", "halt"})
_ONE_WAY = {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the map; one of points takes the middle of areas."""

    name: str
    points: bool = False


LAYERS = (
    Layer("cover"),
    Layer("water"),
    Layer("building"),
    Layer("road"),
    Layer("rail"),
    Layer("boundary"),
    Layer("place", points=True),
    Layer("poi", points=True),
    Layer("housenumber", points=True),
)


def layer_of(tags: Tags, kind: str) -> Found:
    """Return layers and properties for an object of ``kind`` area, way or node."""
    chosen: Mapping[str, Callable[[Tags], Found]] = {"area": _area, "way": _way, "node": _node}
    return chosen[kind](tags)


def first_zoom(layer: str, properties: Properties) -> int:
    """Return the zoom from which a feature is worth its bytes."""
    if layer == "road":
        return _ROADS_FROM_ZOOM.get(properties["class"], 6)
    if layer == "water" and properties.get("class") == "stream":
        return 12
    if layer == "place":
        return _PLACES_FROM_ZOOM[properties["rank"]]
    if layer == "boundary":
        return 6 if properties["level"] <= _COUNTY_LEVEL else 10
    return _FROM_ZOOM.get(layer, 6)


def _area(tags: Tags) -> Found:
    found: Found = []
    cover = _COVER.get(tags.get("landuse", "")) or _COVER.get(tags.get("natural", ""))
    if _is_water(tags):
        found.append(("water", _named(tags)))
    elif cover:
        found.append(("cover", {"class": cover}))
    elif tags.get("leisure") in {"park", "garden", "pitch", "golf_course"}:
        found.append(("cover", {"class": "park"}))
    if tags.get("building", "no") != "no":
        found.append(("building", {}))
    return found + _points(tags)


def _way(tags: Tags) -> Found:
    found: Found = []
    road = _ROADS.get(tags.get("highway", "").removesuffix("_link"))
    if road and tags.get("area") != "yes":
        found.append(("road", {"class": road} | _one_way(tags) | _named(tags)))
    if tags.get("railway") in _RAIL:
        found.append(("rail", {"class": "rail"}))
    if tags.get("waterway") in {"river", "stream", "canal"}:
        found.append(("water", {"class": tags["waterway"]} | _named(tags)))
    return found


def _node(tags: Tags) -> Found:
    if tags.get("place") in _PLACES and "name" in tags:
        return [
            (
                "place",
                {"class": tags["place"], "rank": _PLACES[tags["place"]], "name": tags["name"]},
            )
        ]
    return _points(tags)


def _points(tags: Tags) -> Found:
    """Return what is labelled by a point: places of interest and house numbers."""
    found: Found = []
    amenity = tags.get("amenity", "")
    shop = tags.get("shop", "")
    kind = (amenity if amenity in _POIS else "") or (shop and "shop")
    if tags.get("railway") in _STATIONS:
        kind = "station"
    elif tags.get("highway") == "bus_stop":
        kind = "stop"
    if kind and "name" in tags:
        found.append(("poi", {"class": kind, "name": tags["name"]}))
    if "addr:housenumber" in tags:
        found.append(("housenumber", {"number": tags["addr:housenumber"]}))
    return found


def _is_water(tags: Tags) -> bool:
    still = tags.get("landuse") in {"reservoir", "basin"}
    return still or tags.get("natural") == "water" or tags.get("waterway") == "riverbank"


def _one_way(tags: Tags) -> Properties:
    """Return 1 along the line or -1 against it for one-way roads (roundabouts show it themselves)."""
    direction = _ONE_WAY.get(tags.get("oneway", ""))
    return {"oneway": direction} if direction else {}


def _named(tags: Tags) -> Properties:
    return {key: tags[key] for key in ("name", "ref") if key in tags}

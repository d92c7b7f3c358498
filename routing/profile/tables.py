"""The tables of a vehicle profile, each read from the TOML table of the same name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from routing.profile.checks import (
    flag,
    known,
    metres,
    rows_of,
    seconds,
    share,
    shares,
    speed,
    speeds,
    words,
)

NODE_KEYS = ("highway", "crossing", "railway", "traffic_calming", "barrier")
"""Keys of points whose delays a profile may name."""


class Pair(NamedTuple):
    """One number outside and one inside settlements."""

    outside: float
    inside: float


@dataclass(frozen=True, slots=True)
class RoadClass:
    """One value of `highway`; speeds in km/h (see the comments in `profiles/minibus.toml`)."""

    speed: Pair
    at_most: float
    oneway: bool = False
    opened_by: tuple[str, ...] = ()
    bus_only: bool = False


@dataclass(frozen=True, slots=True)
class Narrow:
    """Two-way roads on which vehicles pass slowly: at most the speed of the first row wider than the road."""

    one_lane_m: float
    rows: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class TurnCosts:
    """What turning costs, in seconds; on `busy` classes of road oncoming traffic goes first."""

    busy: frozenset[str]
    left_s: float
    right_s: float
    sharp_s: float


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds lost on arrival at a point, by its tag ("highway=stop") and by the roads that meet there."""

    minor_road: float
    equal_road: float
    roundabout: float
    at: Mapping[str, float]
    lights: frozenset[str]
    together_m: float


@dataclass(frozen=True, slots=True)
class Ferries:
    """Ferries that take the vehicle: km/h without a `duration`, seconds of waiting and boarding."""

    opened_by: tuple[str, ...]
    speed: float
    boarding_s: float


@dataclass(frozen=True, slots=True)
class Winter:
    """Share of the usual speed that is left on winter roads; the smaller of class and surface counts."""

    other: float
    roads: Mapping[str, float]
    surface: Mapping[str, float]


def road_classes(table: object) -> Mapping[str, RoadClass]:
    """Read `[roads]`."""
    return {name: _road(f"roads.{name}", row) for name, row in rows_of("roads", table).items()}


def _road(where: str, table: object) -> RoadClass:
    row = known(where, table, ("outside", "inside", "at_most", "oneway", "opened_by", "bus_only"))
    return RoadClass(
        speed=pair(where, row, speed),
        at_most=speed(f"{where}.at_most", row["at_most"]),
        oneway=flag(f"{where}.oneway", row.get("oneway", False)),
        opened_by=words(f"{where}.opened_by", row.get("opened_by", [])),
        bus_only=flag(f"{where}.bus_only", row.get("bus_only", False)),
    )


def pair(where: str, row: dict[str, Any], check: Any) -> Pair:  # noqa: ANN401 - any of the checks
    """Read `outside` and `inside` of `row`."""
    return Pair(*(float(check(f"{where}.{key}", row[key])) for key in Pair._fields))


def speeds_by_tag(table: object) -> Mapping[str, Mapping[str, float]]:
    """Read `[at_most]`: a table of speeds for each key."""
    return {key: speeds(f"at_most.{key}", row) for key, row in rows_of("at_most", table).items()}


def narrow(table: object) -> Narrow:
    """Read `[narrow]`."""
    row = known("narrow", table, ("one_lane", "at_most"))
    steps = [known("narrow.at_most", step, ("below", "speed")) for step in row["at_most"]]
    found = [
        (
            metres("narrow.at_most.below", step["below"]),
            speed("narrow.at_most.speed", step["speed"]),
        )
        for step in steps
    ]
    return Narrow(metres("narrow.one_lane", row["one_lane"]), tuple(sorted(found)))


def turn_costs(table: object, classes: Collection[str]) -> TurnCosts:
    """Read `[turns]`."""
    costs = ("left_s", "right_s", "sharp_s")
    row = known("turns", table, ("busy", *costs))
    busy = words("turns.busy", row["busy"])
    known("turns.busy", dict.fromkeys(busy), classes)
    return TurnCosts(frozenset(busy), *(seconds(f"turns.{key}", row[key]) for key in costs))


def delays(table: object) -> Delays:
    """Read `[delays]`."""
    roads = ("minor_road", "equal_road", "roundabout")
    row = known("delays", table, (*roads, "at", "lights", "together"))
    at = rows_of("delays.at", row["at"])
    for tag in at:
        if tag.partition("=")[0] not in NODE_KEYS or not tag.partition("=")[2]:
            raise ValueError(f"delays.at knows tags of {', '.join(NODE_KEYS)} only, not {tag!r}")
    lights = words("delays.lights", row["lights"])
    known("delays.lights", dict.fromkeys(lights), at)
    return Delays(
        **{key: seconds(f"delays.{key}", row[key]) for key in roads},
        at={tag: seconds(f"delays.at.{tag}", value) for tag, value in at.items()},
        lights=frozenset(lights),
        together_m=metres("delays.together", row["together"]),
    )


def ferries(table: object) -> Ferries:
    """Read `[ferries]`."""
    row = known("ferries", table, ("opened_by", "speed", "boarding"))
    return Ferries(
        opened_by=words("ferries.opened_by", row["opened_by"]),
        speed=speed("ferries.speed", row["speed"]),
        boarding_s=seconds("ferries.boarding", row["boarding"]),
    )


def winter(table: object, classes: Collection[str]) -> Winter:
    """Read `[winter]`."""
    row = known("winter", table, ("other", "roads", "surface"))
    known("winter.roads", row["roads"], classes)
    return Winter(
        other=share("winter.other", row["other"]),
        roads=shares("winter.roads", row["roads"]),
        surface=shares("winter.surface", row["surface"]),
    )

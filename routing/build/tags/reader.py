"""What the tags of a road mean for the vehicle: may it enter, in which direction, how fast."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from routing.build.tags.access import DIRECTIONS, Access
from routing.build.tags.ferries import seconds_of
from routing.build.tags.limits import Limits
from routing.build.tags.speeds import Speeds
from routing.graph import FERRY, ROAD_CLASSES, ROUNDABOUT
from routing.profile import Profile, RoadClass

UNKNOWN = -1
_ALONG = frozenset(("yes", "1", "true"))
_AGAINST = frozenset(("-1", "reverse"))
_BOTH = frozenset(("no", "0", "false"))
_BUSWAYS = ("busway", "busway:left", "busway:right", "busway:both")
_CIRCLES = frozenset(("roundabout", "circular"))
_CLASS_INDEX = {name: index for index, name in enumerate(ROAD_CLASSES)}


class WayUse(NamedTuple):
    """How a way may be used; speeds in km/h, 0.0 where the vehicle must not go.

    `along` and `against` hold outside settlements, the next two inside. `car_along` and `car_against` say
    whether the way counts as a road for cars at all, before access rules for this vehicle; they are for the
    statistics only. `road_class` and `flags` are those of `routing.graph.RoadGraph`. `settled` is 1 where the
    tags say that the way lies inside a settlement, 0 for outside, else `UNKNOWN`. `duration_s` is that of a
    ferry, 0 if unknown.
    """

    along: float
    against: float
    along_inside: float
    against_inside: float
    car_along: bool
    car_against: bool
    road_class: int
    flags: int
    settled: int
    duration_s: float

    @property
    def matters(self) -> bool:
        """Tell whether anyone may use the way."""
        return bool(self.along or self.against or self.car_along or self.car_against)


class TagReader:
    """Applies a profile to tags and counts what it had to ignore.

    Attributes
    ----------
    ignored
        How often something was left out of account, by a phrase that names it.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.ignored: Counter[str] = Counter()
        self.access = Access(profile)
        self.limits = Limits(profile, self.ignored)
        self._oneway_keys = frozenset(
            (*_BUSWAYS, *(f"oneway:{key}" for key in profile.access_keys))
        )
        self._speeds = Speeds(profile, self.limits)

    def way(self, tags: Mapping[str, str]) -> WayUse | None:
        """Return how a way with these tags may be used, or None if it is no road of the profile."""
        if tags.get("route") == "ferry":
            return self._ferry(tags)
        road = self.profile.roads.get(tags.get("highway", ""))
        if road is None:
            return None
        special = [key for key in tags if ":" in key]
        if any(key.endswith(":conditional") for key in special):
            self.ignored["roads with time-dependent rules (':conditional'), whose exceptions"] += 1
        free = along, against = _directions(tags, road)
        car = not road.opened_by and not road.bus_only and tags.get("access") != "no"
        settled = self.limits.settled(tags)
        return WayUse(
            *self._driven(tags, road, free, alike=not any(map(_one_direction, special))),
            car_along=car and along,
            car_against=car and against,
            road_class=_CLASS_INDEX.get(tags["highway"], _CLASS_INDEX["other"]),
            flags=ROUNDABOUT if tags.get("junction") in _CIRCLES else 0,
            settled=UNKNOWN if settled is None else int(settled),
            duration_s=0.0,
        )

    def _driven(
        self, tags: Mapping[str, str], road: RoadClass, free: tuple[bool, bool], *, alike: bool
    ) -> tuple[float, float, float, float]:
        """Return the first four columns of `WayUse`.

        `free` tells which directions are open by the one-way rules for cars, `alike` that no tag is for one
        direction only.
        """
        free = self._bus_directions(tags, free)
        speeds = [(0.0, 0.0), (0.0, 0.0)]
        if self.access.fits(tags) and self.access.passable(tags):
            for index, suffix in enumerate(DIRECTIONS):
                if alike and index and all(free):
                    speeds[1] = speeds[0]
                elif free[index] and self.access.may_enter(tags, road, suffix):
                    speeds[index] = self._speed(tags, road, suffix, shared=all(free))
        (along, along_inside), (against, against_inside) = speeds
        return along, against, along_inside, against_inside

    def _speed(
        self, tags: Mapping[str, str], road: RoadClass, suffix: str, *, shared: bool
    ) -> tuple[float, float]:
        outside, inside = self._speeds.of(tags, road, suffix, shared=shared)
        passing = self.access.only_destination(tags, suffix)
        share = self.profile.destination_share if passing else 1.0
        return outside * share, inside * share

    def _ferry(self, tags: Mapping[str, str]) -> WayUse | None:
        """Return the use of a ferry; it is no road, so that it does not count as one."""
        ferries = self.profile.ferries
        speed = ferries.speed if self.access.fits(tags) else 0.0
        one_way = tags.get("oneway", "")
        along, against = (
            speed * (closed not in one_way and self._carried(tags, suffix))
            for closed, suffix in zip(("-1", "yes"), DIRECTIONS, strict=True)
        )
        if not along and not against:
            return None
        return WayUse(
            along=along,
            against=against,
            along_inside=along,
            against_inside=against,
            car_along=False,
            car_against=False,
            road_class=_CLASS_INDEX["ferry"],
            flags=FERRY,
            settled=0,
            duration_s=seconds_of(tags.get("duration", "")) or 0.0,
        )

    def _carried(self, tags: Mapping[str, str], suffix: str) -> bool:
        """Tell whether a ferry carries the vehicle: most do not say so and are for people on foot."""
        return self.access.verdict(tags, suffix, self.profile.ferries.opened_by) is True

    def _bus_directions(
        self, tags: Mapping[str, str], free: tuple[bool, bool]
    ) -> tuple[bool, bool]:
        """Apply the exceptions from a one-way street that hold for this vehicle."""
        if self._oneway_keys.isdisjoint(tags):
            return free
        for key in self.profile.access_keys:
            value = tags.get(f"oneway:{key}")
            if value in _BOTH:
                return True, True
            if value in _ALONG or value in _AGAINST:
                return value in _ALONG, value in _AGAINST
        opposite = any(tags.get(key, "").startswith("opposite") for key in _BUSWAYS)
        return (True, True) if opposite else free


def _one_direction(key: str) -> bool:
    return key.endswith(DIRECTIONS)


def _directions(tags: Mapping[str, str], road: RoadClass) -> tuple[bool, bool]:
    """Return whether cars may drive along the way and against it."""
    value = tags.get("oneway", "")
    if value in _AGAINST:
        return False, True
    if value == "reversible":
        return False, False
    circle = tags.get("junction") in _CIRCLES
    one_way = value in _ALONG or (value not in _BOTH and (road.oneway or circle))
    return True, not one_way

"""What the tags of a road mean for the vehicle: may it enter, in which direction, how fast."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from routing.profile import Profile, RoadClass

_NUMBER = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(km/h|kmh|kph|mph|knots)?\s*")
_ZONE = re.compile(r"(?:[A-Z]{2}:)?(?:zone:?)?(\d{1,3})")
_KMH = {None: 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_ALONG = frozenset(("yes", "1", "true"))
_AGAINST = frozenset(("-1", "reverse"))
_BOTH = frozenset(("no", "0", "false"))
_LIMIT_HINTS = ("maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic")


class WayUse(NamedTuple):
    """How a way may be used; speeds in km/h, 0.0 where the vehicle must not go.

    `car_along` and `car_against` say whether the way counts as a road for cars at all, before access rules
    for this vehicle; they are for the statistics only.
    """

    along: float
    against: float
    car_along: bool
    car_against: bool


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

    def way(self, tags: Mapping[str, str]) -> WayUse | None:
        """Return how a way with these tags may be used, or None if it is no road of the profile."""
        road = self.profile.roads.get(tags["highway"])
        if road is None:
            return None
        along, against = _directions(tags, road)
        car = not road.opened_by and not road.bus_only and tags.get("access") != "no"
        car_along, car_against = car and along, car and against
        along, against = self._bus_directions(tags, along=along, against=against)
        speeds = [0.0, 0.0]
        if self._fits(tags) and self._passable(tags):
            for index, (suffix, free) in enumerate(((":forward", along), (":backward", against))):
                if free and self._may_enter(tags, road, suffix):
                    speeds[index] = self._speed(tags, road, suffix)
        if any(key.endswith(":conditional") for key in tags):
            self.ignored["roads with time-dependent rules (':conditional'), whose exceptions"] += 1
        return WayUse(speeds[0], speeds[1], car_along, car_against)

    def barrier_closed(self, tags: Mapping[str, str]) -> bool:
        """Tell whether a node with a `barrier` tag stops the vehicle."""
        access = self._access(tags)
        if access is not None:
            return not access
        return tags["barrier"] in self.profile.barriers_closed or tags.get("locked") == "yes"

    def limit(self, value: str) -> float | None:
        """Return a posted limit in km/h, or None (counted) if the spelling says nothing.

        Several values ("30;50", "80|60") give the smallest.
        """
        known = [speed for part in re.split(r"[;|]", value) if (speed := self._one_limit(part))]
        if not known and value not in ("signals", "variable", "sign"):
            self.ignored[f"maxspeed values like {value!r}, which"] += 1
        return min(known, default=None)

    def _one_limit(self, value: str) -> float | None:
        number = _NUMBER.fullmatch(value)
        if number:
            return float(number[1].replace(",", ".")) * _KMH[number[2]]
        limits = self.profile.limits
        zone = _ZONE.fullmatch(value.strip())
        if zone:
            return float(zone[1])
        value = value.strip()
        return limits.get(value) or limits.get(value.rpartition(":")[2])

    def _passable(self, tags: Mapping[str, str]) -> bool:
        """Exclude outlines of squares and the kinds of service road the profile closes."""
        return tags.get("area") != "yes" and tags.get("service") not in self.profile.service_closed

    def _fits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether the vehicle is smaller than every posted size or weight limit."""
        for key, size in self.profile.vehicle.items():
            posted = re.match(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m|t)?\s*$", tags.get(key, ""))
            if posted and float(posted[1].replace(",", ".")) < size:
                return False
        return True

    def _may_enter(self, tags: Mapping[str, str], road: RoadClass, suffix: str) -> bool:
        """Tell whether the vehicle may enter in the direction of `suffix`."""
        if tags["highway"] == "track" and self._track_allowed(tags):
            return self._access(tags, suffix) is not False
        if road.opened_by:
            return self._access(tags, suffix, road.opened_by) is True
        return self._access(tags, suffix) is not False

    def _track_allowed(self, tags: Mapping[str, str]) -> bool:
        profile = self.profile
        return (
            profile.tracks_allowed
            and tags.get("tracktype") in profile.track_grades
            and tags.get("surface") in profile.track_surfaces
        )

    def _access(
        self, tags: Mapping[str, str], suffix: str = "", keys: tuple[str, ...] = ()
    ) -> bool | None:
        """Return the verdict of the first of `keys` (all of the profile) with a known value, None without."""
        for key in keys or self.profile.access_keys:
            for name in (key + suffix, key) if suffix else (key,):
                verdict = self._verdict(tags.get(name))
                if verdict is not None:
                    return verdict
        return None

    def _verdict(self, value: str | None) -> bool | None:
        """Return whether an access value lets the vehicle in, None if it says nothing about it."""
        if value is None:
            return None
        if value in self.profile.allowed:
            return True
        if value in self.profile.denied:
            return False
        verdicts = (
            [self._verdict(part.strip()) for part in value.split(";")] if ";" in value else []
        )
        return True if True in verdicts else (False if False in verdicts else None)

    def _bus_directions(
        self, tags: Mapping[str, str], *, along: bool, against: bool
    ) -> tuple[bool, bool]:
        """Apply the exceptions from a one-way street that hold for this vehicle."""
        for key in self.profile.access_keys:
            value = tags.get(f"oneway:{key}")
            if value in _BOTH:
                return True, True
            if value in _ALONG or value in _AGAINST:
                return value in _ALONG, value in _AGAINST
        if any(
            tags.get(f"busway{side}", "").startswith("opposite") for side in ("", ":left", ":right")
        ):
            return True, True
        return along, against

    def _speed(self, tags: Mapping[str, str], road: RoadClass, suffix: str) -> float:
        """Return the speed in km/h that a careful driver reaches."""
        profile = self.profile
        at_most = min(
            road.at_most,
            profile.top_speed,
            profile.surfaces.get(tags.get("surface", ""), profile.top_speed),
            profile.service_at_most.get(tags.get("service", ""), profile.top_speed),
        )
        posted = tags.get("maxspeed" + suffix, tags.get("maxspeed"))
        limit = self.limit(posted) if posted else None
        if limit is not None:
            return min(limit * profile.share_of_limit, at_most)
        hints = (tags[key] for key in _LIMIT_HINTS if key in tags)
        zone = min((speed for hint in hints if (speed := self._one_limit(hint))), default=None)
        usual = road.speed if zone is None else min(road.speed, zone * profile.share_of_limit)
        return min(usual, at_most)


def _directions(tags: Mapping[str, str], road: RoadClass) -> tuple[bool, bool]:
    """Return whether cars may drive along the way and against it."""
    value = tags.get("oneway", "")
    if value in _AGAINST:
        return False, True
    if value == "reversible":
        return False, False
    circle = tags.get("junction") in ("roundabout", "circular")
    one_way = value in _ALONG or (value not in _BOTH and (road.oneway or circle))
    return True, not one_way

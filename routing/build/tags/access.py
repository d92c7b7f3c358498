"""Who may enter: access tags in their order of precedence, sizes, tracks, barriers."""

import re
from collections.abc import Mapping

from routing.profile import Profile, RoadClass

DIRECTIONS = (":forward", ":backward")
"""Endings of keys that hold for one direction of a way."""

_SIZE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(?:m|t)?\s*")


class Access:
    """Applies the access rules of a profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        ferries, roads = profile.ferries, profile.roads.values()
        keys = {*profile.access_keys, *ferries.opened_by, *(k for r in roads for k in r.opened_by)}
        self._keys = frozenset(key + end for key in keys for end in ("", *DIRECTIONS))

    def verdict(
        self, tags: Mapping[str, str], suffix: str = "", keys: tuple[str, ...] = ()
    ) -> bool | None:
        """Return the verdict of the first of `keys` (all of the profile) with a known value, None without."""
        value = self._deciding(tags, suffix, keys or self._profile.access_keys)
        return None if value is None else self._value(value)

    def only_destination(self, tags: Mapping[str, str], suffix: str) -> bool:
        """Tell whether a road is open for those only who have their origin or destination there."""
        value = self._deciding(tags, suffix, self._profile.access_keys) or ""
        return value in self._profile.destination

    def _deciding(self, tags: Mapping[str, str], suffix: str, keys: tuple[str, ...]) -> str | None:
        """Return the value of the first of `keys` that says anything about the vehicle."""
        if self._keys.isdisjoint(tags):
            return None
        for key in keys:
            for name in (key + suffix, key) if suffix else (key,):
                verdict = self._value(tags.get(name))
                if verdict or (verdict is False and key not in self._profile.only_open):
                    return tags[name]
        return None

    def may_enter(self, tags: Mapping[str, str], road: RoadClass, suffix: str) -> bool:
        """Tell whether the vehicle may enter a road in the direction of `suffix`."""
        if road.opened_by and not (tags["highway"] == "track" and self._track_allowed(tags)):
            return self.verdict(tags, suffix, road.opened_by) is True
        return self.verdict(tags, suffix) is not False

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Tell whether the vehicle is smaller than every posted size or weight limit."""
        for key, size in self._profile.vehicle.items():
            posted = _SIZE.fullmatch(tags[key]) if key in tags else None
            if posted and float(posted[1].replace(",", ".")) < size:
                return False
        return True

    def passable(self, tags: Mapping[str, str]) -> bool:
        """Exclude outlines of squares and the kinds of service road the profile closes."""
        return tags.get("area") != "yes" and tags.get("service") not in self._profile.service_closed

    def barrier_closed(self, tags: Mapping[str, str]) -> bool:
        """Tell whether a node with a `barrier` tag stops the vehicle."""
        access = self.verdict(tags)
        if access is not None:
            return not access
        return tags["barrier"] in self._profile.barriers_closed or tags.get("locked") == "yes"

    def _track_allowed(self, tags: Mapping[str, str]) -> bool:
        profile = self._profile
        return (
            profile.tracks_allowed
            and tags.get("tracktype") in profile.track_grades
            and tags.get("surface") in profile.track_surfaces
        )

    def _value(self, value: str | None) -> bool | None:
        """Return whether an access value lets the vehicle in, None if it says nothing about it."""
        if value is None:
            return None
        if value in self._profile.allowed:
            return True
        if value in self._profile.denied:
            return False
        parts = [part.strip() for part in value.split(";")] if ";" in value else []
        verdicts = [self._value(part) for part in parts]
        return True if True in verdicts else (False if False in verdicts else None)

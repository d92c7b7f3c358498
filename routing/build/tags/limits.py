"""Posted speed limits in all their spellings."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from routing.build.tags.access import DIRECTIONS
from routing.profile import Profile

_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_ZONE = re.compile(r"(?:[A-Z]{2}:)?(?:(?:zone|speed):?)?(\d{1,3})", re.IGNORECASE)
_KMH = {None: 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_SAYS_NOTHING = frozenset(("signals", "variable", "sign"))
_HINTS = ("maxspeed:type", "source:maxspeed", "maxspeed:source", "zone:maxspeed", "zone:traffic")
_OUTSIDE = ("rural", "motorway", "trunk", "nsl_")
_INSIDE = ("urban", "zone", "living_street", "bicycle_road")
_RURAL_KMH = 70.0
"""Nobody posts that much, or more, among houses; on the few exceptions one drives as if outside."""
_SLOWEST_KMH = 3.0
"""A smaller number is a typing error: nobody posts less than walking pace."""


class Limits:
    """Reads limits with the words of a profile; values that say nothing are counted in `ignored`."""

    def __init__(self, profile: Profile, ignored: Counter[str]) -> None:
        self._profile = profile
        ends = ("", *DIRECTIONS)
        self._keys = frozenset((*_HINTS, *(k + end for k in profile.limit_keys for end in ends)))
        self._ignored = ignored

    def limit(self, value: str) -> float | None:
        """Return a posted limit in km/h, or None (counted) if the spelling says nothing.

        Several values ("30;50", "80|60") give the smallest; less than walking pace says nothing.
        """
        speeds = [self._one(part.strip()) for part in re.split(r"[;|]", value)]
        known = [speed for speed in speeds if speed is not None and speed >= _SLOWEST_KMH]
        if not known and value not in _SAYS_NOTHING:
            self._ignored[f"maxspeed values like {value!r}, which"] += 1
        return min(known, default=None)

    def posted(self, tags: Mapping[str, str], suffix: str) -> float | None:
        """Return the limit posted for the direction of `suffix` (":forward", ":backward")."""
        if self._keys.isdisjoint(tags):
            return None
        for key in self._profile.limit_keys:
            value = tags.get(key + suffix) or tags.get(key)
            limit = self.limit(value) if value else None
            if limit is not None:
                return limit
        return None

    def hinted(self, tags: Mapping[str, str]) -> float | None:
        """Return the limit that follows from the kind of zone a road is said to lie in."""
        return min((speed for hint in _hints(tags) if (speed := self._one(hint))), default=None)

    def settled(self, tags: Mapping[str, str]) -> bool | None:
        """Tell whether the tags of a road put it inside (True) or outside (False) a settlement."""
        if self._keys.isdisjoint(tags):
            return True if tags["highway"] == "living_street" else None
        if "zone:maxspeed" in tags or tags["highway"] == "living_street":
            return not any(sign in tags.get("zone:maxspeed", "").lower() for sign in _OUTSIDE)
        for hint in (*_hints(tags), *self._limit_values(tags)):
            if any(sign in hint.lower() for sign in _OUTSIDE):
                return False
            if any(sign in hint.lower() for sign in _INSIDE):
                return True
        posted = [limit for value in self._limit_values(tags) if (limit := self._one(value))]
        return False if posted and max(posted) >= _RURAL_KMH else None

    def _limit_values(self, tags: Mapping[str, str]) -> Iterator[str]:
        for key in self._profile.limit_keys:
            for suffix in ("", *DIRECTIONS):
                if key + suffix in tags:
                    yield tags[key + suffix]

    def _one(self, value: str) -> float | None:
        number = _NUMBER.fullmatch(value)
        if number:
            return float(number[1].replace(",", ".")) * _KMH[number[2]]
        zone = _ZONE.fullmatch(value)
        if zone:
            return float(zone[1])
        limits = self._profile.limits
        country, _, rule = value.rpartition(":")
        rule = rule.lower()
        return limits.get(f"{country.upper()}:{rule}") or limits.get(rule)


def _hints(tags: Mapping[str, str]) -> Iterator[str]:
    return (tags[key] for key in _HINTS if key in tags)

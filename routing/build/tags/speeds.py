"""How fast a careful driver is on a clear road."""

import re
from collections.abc import Mapping

from routing.build.tags.limits import Limits
from routing.profile import Pair, Profile, RoadClass

_LENGTH = re.compile(r"(\d+(?:[.,]\d+)?)\s*m?")


class Speeds:
    """Applies the speeds of a profile to the tags of a road."""

    def __init__(self, profile: Profile, limits: Limits) -> None:
        self._profile = profile
        self._limits = limits

    def of(
        self, tags: Mapping[str, str], road: RoadClass, suffix: str, *, shared: bool
    ) -> tuple[float, float]:
        """Return the speeds outside and inside settlements in the direction of `suffix`, in km/h.

        `shared` tells whether traffic in both directions shares the width of the road.
        """
        at_most = self._at_most(tags, road, shared=shared)
        season = self._season(tags)
        limit = self._limits.posted(tags, suffix)
        if limit is None:
            zone = self._limits.hinted(tags)
            usual = road.speed if zone is None else Pair(*map(min, road.speed, self._driven(zone)))
        else:
            usual = self._driven(limit)
        return min(usual.outside, at_most) * season, min(usual.inside, at_most) * season

    def _driven(self, limit: float) -> Pair:
        """Return what is driven where `limit` is posted."""
        share = self._profile.share_of_limit
        return Pair(limit * share.outside, limit * share.inside)

    def _at_most(self, tags: Mapping[str, str], road: RoadClass, *, shared: bool) -> float:
        """Return the most that class, surface and the like allow."""
        bound = min(road.at_most, self._profile.top_speed)
        at_most = self._profile.at_most
        for key in at_most.keys() & tags.keys():
            bound = min(bound, at_most[key].get(tags[key], bound))
        return min(bound, self._narrow(tags, bound)) if shared else bound

    def _narrow(self, tags: Mapping[str, str], bound: float) -> float:
        """Return the speed that the width of a two-way road allows, `bound` if it is wide or unknown."""
        if "width" not in tags and tags.get("lanes") != "1":
            return bound
        narrow = self._profile.narrow
        width = _LENGTH.fullmatch(tags.get("width", ""))
        if width:
            metres = float(width[1].replace(",", "."))
        elif tags.get("lanes") == "1":
            metres = narrow.one_lane_m
        else:
            return bound
        return next((speed for below, speed in narrow.rows if metres < below), bound)

    def _season(self, tags: Mapping[str, str]) -> float:
        """Return the share of the usual speed that is left in the season of the profile."""
        if not self._profile.wintry:
            return 1.0
        winter = self._profile.winter
        by_class = winter.roads.get(tags["highway"], winter.other)
        return min(by_class, winter.surface.get(tags.get("surface", ""), by_class))

"""What a realtime feed told, and what of it fitted the timetable."""

from collections import Counter
from dataclasses import dataclass, field

_NAMED = 5


@dataclass(slots=True)
class RealtimeReport:
    """Counts by what became of each part of a message; nothing in it is a reason to refuse the rest.

    Parameters
    ----------
    told_s
        UNIX time at which the message was told.
    counts
        ``updated``, ``cancelled``, ``added``, ``replaced``: trips taken over. ``alerts``: taken over;
        ``alerts-elsewhere``: of lines and stops that are not in the timetable. ``vehicles``: positions,
        which are not read. ``trip-unknown``, ``trip-not-today``, ``trip-twice``, ``trip-unusable``
        (too few times or stops, a route that is unknown, a relationship that cannot be shown): trips
        left out; ``trips-too-many``: so were trips that are not in the timetable. ``stop-unknown``,
        ``delay-absurd``: single stops left out.
    unknown
        The first ids of unknown trips, to compare with those of the feed.
    """

    told_s: int
    counts: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)

    def count(self, what: str, ident: str = "") -> None:
        """Count one more; keep the first few ids."""
        self.counts[what] += 1
        if ident and len(self.unknown) < _NAMED:
            self.unknown.append(ident)

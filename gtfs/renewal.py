"""A new timetable for an old one: is it any good from a day on, what changes, when does it end."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gtfs.errors import FeedError
from gtfs.timetable import Timetable

HORIZON_DAYS = 14
"""As far ahead as rides are usually booked; a timetable that ends sooner is warned about."""
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Changes:
    """What another timetable changes.

    Parameters
    ----------
    lines_gone, lines_new
        Names of lines only the old or only the new timetable has, sorted.
    trips_before, trips_after
        Trips on a usual Monday, Tuesday … Sunday (the median of all of them in the timetable).
    ended
        Last day of the old timetable; None where there was none.
    first_day, last_day
        First and last day on which a trip of the new one runs.
    days_left
        Days from the day of the change to ``last_day``.
    """

    lines_gone: tuple[str, ...]
    lines_new: tuple[str, ...]
    trips_before: tuple[int, ...]
    trips_after: tuple[int, ...]
    ended: date | None
    first_day: date
    last_day: date
    days_left: int

    @property
    def ends_soon(self) -> bool:
        """Whether the new timetable, too, should be followed by a newer one within 14 days."""
        return self.days_left < HORIZON_DAYS


def days_of_service(timetable: Timetable) -> tuple[date, date]:
    """First and last day on which a trip runs.

    Raises
    ------
    FeedError
        ``no-service`` where none ever does.
    """
    days = np.flatnonzero(_trips_by_day(timetable))
    if not len(days):
        raise FeedError("no-service", "No trip runs on any day of the timetable.")
    first, last = (date.fromordinal(timetable.first_day + int(day)) for day in days[[0, -1]])
    return first, last


def days_left(timetable: Timetable, today: date) -> int:
    """Days until the last one with service; negative once it is over. Warn below HORIZON_DAYS."""
    return (days_of_service(timetable)[1] - today).days


def compare(
    old: Timetable | None, new: Timetable, today: date, *, horizon_days: int = HORIZON_DAYS
) -> Changes:
    """Say what changes if ``new`` takes the place of ``old`` on ``today``.

    Raises
    ------
    FeedError
        ``no-service-in-horizon``: nothing runs from ``today`` on for ``horizon_days``; keep the old one.
    """
    first, last = days_of_service(new)
    if not any(trips_on(new, today + timedelta(days=days)) for days in range(horizon_days)):
        raise FeedError(
            "no-service-in-horizon",
            f"Nothing runs within {horizon_days} days from {today}: the feed covers {first} to {last}. "
            "Fetch the feed that is valid now; the timetable in use stays.",
        )
    before, after = (_lines(old) if old else set()), _lines(new)
    return Changes(
        lines_gone=tuple(sorted(before - after)),
        lines_new=tuple(sorted(after - before)),
        trips_before=_usual_week(old) if old else (0,) * _WEEK,
        trips_after=_usual_week(new),
        ended=days_of_service(old)[1] if old else None,
        first_day=first,
        last_day=last,
        days_left=(last - today).days,
    )


def trips_on(timetable: Timetable, day: date) -> int:
    """How many trips run on ``day``."""
    return int(np.count_nonzero(timetable.running_on(day)[timetable.trip_service]))


def _trips_by_day(timetable: Timetable) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Trips on each day of the timetable."""
    trips = np.bincount(timetable.trip_service, minlength=len(timetable.service_id))
    counts: np.ndarray[tuple[int], np.dtype[np.int64]] = trips @ timetable.service_days
    return counts


def _usual_week(timetable: Timetable) -> tuple[int, ...]:
    """Median number of trips by weekday, 0 where the timetable has no such day."""
    counts = _trips_by_day(timetable)
    # only from the first to the last day with service: empty margins are nobody's usual Monday
    served = np.flatnonzero(counts)
    inside = np.arange(served[0], served[-1] + 1)
    weekday = (timetable.first_day + inside - 1) % _WEEK  # ordinal 1 was a Monday
    days = (counts[inside[weekday == number]] for number in range(_WEEK))
    return tuple(int(np.median(found)) if len(found) else 0 for found in days)


def _lines(timetable: Timetable) -> set[str]:
    """Names of the lines that run."""
    routes = np.unique(timetable.trip_route).tolist()
    return {timetable.route_short_name[r] or timetable.route_long_name[r] for r in routes}

"""Who may drive when: ``[roster]`` of an area file."""

from dataclasses import dataclass
from datetime import timedelta

from regions.area_fields import Fields

_WEEK_HOURS = 7 * 24
_LONGEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class RosterRules:
    """What an area decided about its drivers.

    Parameters
    ----------
    open_bookable
        Whether a shift nobody drives yet takes bookings.
    warn_days
        So many days before an open shift the coordinator is warned that it has no driver.
    give_back_hours
        Until so many hours before its beginning a driver may give a shift back.
    rest_hours
        Rest between the shifts of two days; 0: none is asked for.
    hours_a_week
        Most hours a driver is on duty from Monday to Sunday; 0: as many as they like.
    """

    open_bookable: bool = True
    warn_days: int = 7
    give_back_hours: int = 48
    rest_hours: int = 11
    hours_a_week: int = 0

    @property
    def rest(self) -> timedelta:
        """Rest between the shifts of two days."""
        return timedelta(hours=self.rest_hours)

    @property
    def give_back(self) -> timedelta:
        """How long before its beginning a shift can be given back at the latest."""
        return timedelta(hours=self.give_back_hours)


USUAL_ROSTER = RosterRules()


def read_roster_rules(root: Fields) -> RosterRules:
    """Read ``[roster]`` of an area file; none is fine.

    Raises
    ------
    AreaError
        ``area-field``.
    """
    if not root.has("roster"):
        return USUAL_ROSTER
    table, usual = root.table("roster"), USUAL_ROSTER
    table.refuse_unknown("open_bookable warn_days give_back_hours rest_hours hours_a_week")
    return RosterRules(
        open_bookable=table.get("open_bookable", bool, default=usual.open_bookable),
        warn_days=table.integer("warn_days", usual.warn_days, 0, _LONGEST_DAYS),
        give_back_hours=table.integer("give_back_hours", usual.give_back_hours, 0, _WEEK_HOURS),
        rest_hours=table.integer("rest_hours", usual.rest_hours, 0, 24),
        hours_a_week=table.integer("hours_a_week", usual.hours_a_week, 0, _WEEK_HOURS),
    )

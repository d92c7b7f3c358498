"""How riders are reminded and how often they are told new times: ``[reminders]`` of an area file."""

from dataclasses import dataclass

from regions.area_fields import Fields

_MOST_MIN, _MOST_MESSAGES = 60, 20


@dataclass(frozen=True, slots=True)
class Reminders:
    """What an area decided about messages.

    Parameters
    ----------
    evening, hour
        Whether riders are reminded in the evening before, and an hour before.
    small_change_min
        A bus later by fewer minutes is not told.
    quiet_min
        So many minutes after a message, new times wait unless they are urgent.
    per_hour
        So many messages about a ride in an hour at most; then a person calls.
    """

    evening: bool = True
    hour: bool = True
    small_change_min: int = 5
    quiet_min: int = 10
    per_hour: int = 3


USUAL = Reminders()


def read_reminders(root: Fields) -> Reminders:
    """Read ``[reminders]`` of an area file; none is fine.

    Raises
    ------
    AreaError
        ``area-field``.
    """
    if not root.has("reminders"):
        return USUAL
    table = root.table("reminders")
    table.refuse_unknown("evening hour small_change_min quiet_min per_hour")
    return Reminders(
        evening=table.get("evening", bool, default=USUAL.evening),
        hour=table.get("hour", bool, default=USUAL.hour),
        small_change_min=table.integer("small_change_min", USUAL.small_change_min, 1, _MOST_MIN),
        quiet_min=table.integer("quiet_min", USUAL.quiet_min, 0, _MOST_MIN),
        per_hour=table.integer("per_hour", USUAL.per_hour, 1, _MOST_MESSAGES),
    )

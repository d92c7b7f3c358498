"""Bodies about statistics: numbers without persons. None: too few to be told."""

from datetime import date

from api.schemas.fields import Answer


class FiguresAnswer(Answer):
    """Figures of a week or of the whole period.

    ``rides`` counts bookings that were not cancelled; ``persons`` those of rides that are done.
    ``shared``: done rides on which another party was aboard for a part of the way. Punctual: boarded by the
    end of the window told, and left by the arrival told; ``late_minutes`` is the mean of those boarded later.
    Kilometres are those of measured tours only, see ``tours`` and ``tours_measured``.
    """

    rides: int | None
    done: int | None
    persons: int | None
    cancelled: int | None
    no_shows: int | None
    standing: int | None
    refusals: int | None
    shared: int | None
    timed: int | None
    boarded_in_time: int | None
    arrived_in_time: int | None
    late_minutes: float | None
    fares_cents: int | None
    tours: int
    tours_measured: int
    km: float
    km_with_riders: float


class WeekAnswer(FiguresAnswer):
    """Figures of the week that begins on a Monday."""

    week: date


class RuleAnswer(Answer):
    """How often a rule refused a wish; few ones are put together as ``other``."""

    rule: str
    count: int | None


class StatisticsAnswer(Answer):
    """Figures of an area from the first day to the last."""

    area_id: str
    first: date
    last: date
    small_hidden: bool
    total: FiguresAnswer
    weeks: tuple[WeekAnswer, ...]
    refusals_by_rule: tuple[RuleAnswer, ...]

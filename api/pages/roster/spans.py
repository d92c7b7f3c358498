"""Which days a roster page shows, and its addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from api.roster import shifts
from api.routes.dependencies import House
from api.schemas.roster import ShiftOfDayAnswer
from regions.area import Area

_WEEK = timedelta(days=7)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A week from Monday, or a month from its first day."""

    first: date
    last: date
    month: bool

    @classmethod
    def of(cls, start: str, view: str, today: date) -> "Span":
        """Return the week or month a day lies in; today's where it is no day."""
        try:
            day = date.fromisoformat(start)
        except ValueError:
            day = today
        if not 2000 < day.year < 2100:  # noqa: PLR2004  # beyond all calendars
            day = today
        if view == "monat":
            first = day.replace(day=1)
            return cls(first, (first + 31 * _ONE_DAY).replace(day=1) - _ONE_DAY, month=True)
        first = day - day.weekday() * _ONE_DAY
        return cls(first, first + _WEEK - _ONE_DAY, month=False)

    @property
    def before(self) -> date:
        """A day of the span before."""
        return self.first - _ONE_DAY

    @property
    def after(self) -> date:
        """A day of the span after."""
        return self.last + _ONE_DAY

    def url(self, area: Area, day: date | None = None, *, month: bool | None = None) -> str:
        """Return the address of the span a day lies in; of this one unless another is asked for."""
        asked = self.month if month is None else month
        fields = {"gebiet": area.id, "ab": (day or self.first).isoformat()}
        return "/leitstelle/dienste?" + urlencode(
            fields | {"ansicht": "monat" if asked else "woche"}
        )


def by_day(
    house: House, area: Area, first: date, last: date
) -> list[tuple[date, list[ShiftOfDayAnswer]]]:
    """Return the shifts of each day."""
    found: dict[date, list[ShiftOfDayAnswer]] = {}
    for one in shifts.between(house.context, area, first, last):
        found.setdefault(one.date, []).append(one)
    days = (first + k * _ONE_DAY for k in range((last - first).days + 1))
    return [(day, found.get(day, [])) for day in days]

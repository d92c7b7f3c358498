"""Who answers for riders' data and how long names stay with it: ``[privacy]`` of an area file."""

from dataclasses import dataclass
from datetime import timedelta

from regions.area_fields import Fields

_LONGEST_DAYS = 3_660


@dataclass(frozen=True, slots=True)
class Privacy:
    """What an area decided about riders' data.

    Parameters
    ----------
    controller
        Who is responsible: name and postal address; empty: the operator.
    contact
        How to reach them about data, e.g. an e-mail address; empty: the area's telephone number.
    officer
        The data protection officer; empty: there is none.
    rides_named_days
        So many days after a ride the name and the exact places go.
    refusals_named_days
        So many days after a refusal the exact places go.
    riders_kept_days
        So many days after anybody last changed a rider, or brought them, the rider is deleted.
    """

    controller: str = ""
    contact: str = ""
    officer: str = ""
    rides_named_days: int = 90
    refusals_named_days: int = 30
    riders_kept_days: int = 730

    @property
    def rides_named(self) -> timedelta:
        """How long rides keep names and exact places."""
        return timedelta(days=self.rides_named_days)

    @property
    def refusals_named(self) -> timedelta:
        """How long refusals keep exact places."""
        return timedelta(days=self.refusals_named_days)

    @property
    def riders_kept(self) -> timedelta:
        """How long riders stay known who do not ride."""
        return timedelta(days=self.riders_kept_days)


USUAL = Privacy()


def read_privacy(root: Fields) -> Privacy:
    """Read ``[privacy]`` of an area file; none is fine.

    Raises
    ------
    AreaError
        ``area-field``.
    """
    if not root.has("privacy"):
        return USUAL
    table = root.table("privacy")
    table.refuse_unknown(
        "controller contact officer rides_named_days refusals_named_days riders_kept_days"
    )
    texts = {key: table.text(key) for key in ("controller", "contact", "officer") if table.has(key)}
    days = {
        key: table.integer(key, getattr(USUAL, key), 1, _LONGEST_DAYS)
        for key in ("rides_named_days", "refusals_named_days", "riders_kept_days")
    }
    return Privacy(**texts, **days)  # type: ignore[arg-type]  # texts are texts, days are days

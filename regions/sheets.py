"""Who gets the tour sheets by e-mail: ``[tour_sheets]`` of an area file."""

import re
from dataclasses import dataclass

from regions.area_fields import Fields

_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+")
_MOST = 10


@dataclass(frozen=True, slots=True)
class TourSheets:
    """What an area decided about tour sheets.

    Parameters
    ----------
    mail_to
        E-mail addresses they are sent to in the evening before; none: they are not.
    """

    mail_to: tuple[str, ...] = ()


NOT_MAILED = TourSheets()


def read_tour_sheets(root: Fields) -> TourSheets:
    """Read ``[tour_sheets]`` of an area file; none is fine.

    Raises
    ------
    AreaError
        ``area-field``.
    """
    if not root.has("tour_sheets"):
        return NOT_MAILED
    table = root.table("tour_sheets")
    table.refuse_unknown("mail_to")
    addresses = table.texts("mail_to")
    table.refuse_twice("mail_to", addresses)
    if len(addresses) > _MOST:
        raise table.error("mail_to", f"may name {_MOST} addresses, not {len(addresses)}")
    for each in addresses:
        if not _ADDRESS.fullmatch(each):
            raise table.error("mail_to", f"holds {each!r}, which is no e-mail address")
    return TourSheets(addresses)

"""The timetables of service days, ready to be searched, each made once for who can use the same trips."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock

from api.live import PublicTransport
from dispatch.model import LOAD_KINDS, Load, LoadKind
from dispatch.policy import Policy
from gtfs.day_rows import Wheelchair
from gtfs.days import TimetableDay, timetable_day
from gtfs.overlay import Overlay
from gtfs.timetable import Timetable

_DAYS_KEPT = 16
_Key = tuple[str, date, Wheelchair, int]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A day, and the timetable and the news it was made from."""

    day: TimetableDay
    timetable: Timetable
    overlay: Overlay | None


class Timetables:
    """Days of timetables in memory, those asked for last."""

    def __init__(self) -> None:
        self._days: OrderedDict[_Key, _Kept] = OrderedDict()
        self._lock = Lock()

    def day(
        self, transport: PublicTransport, area_id: str, day: date, load: Load, policy: Policy
    ) -> TimetableDay | None:
        """Return what runs on a day for a party as far as is known now; None if nothing is known to run.

        Parties that walk slowly get more time to change.
        """
        timetable = transport.timetable
        if timetable is None or not timetable.running_on(day).any():
            return None
        overlay = _about(day, transport.overlay)
        needs = load[LOAD_KINDS.index(LoadKind.WHEELCHAIR)] > 0
        wheelchair = Wheelchair.PERHAPS if needs else Wheelchair.NOT_NEEDED
        change_s = policy.transfer_time_s(load)
        key = area_id, day, wheelchair, change_s
        with self._lock:
            known = self._days.get(key)
            if known and known.timetable is timetable and known.overlay is overlay:
                self._days.move_to_end(key)
                return known.day
            made = timetable_day(
                timetable, day, wheelchair=wheelchair, change_s=change_s, overlay=overlay
            )
            self._days[key] = _Kept(made, timetable, overlay)
            if len(self._days) > _DAYS_KEPT:
                self._days.popitem(last=False)
            return made


def _about(day: date, overlay: Overlay | None) -> Overlay | None:
    """Return the news if they say anything about trips of this day or its neighbours."""
    if overlay is None:
        return None
    told = {key[1] for key in overlay.updates} | {trip.service_day for trip in overlay.added}
    return overlay if any(abs((other - day).days) <= 1 for other in told) else None

"""The timetables of service days, ready to be searched, each made once for who can use the same trips."""

from collections import OrderedDict
from datetime import date
from threading import Lock

from dispatch.model import LOAD_KINDS, Load, LoadKind
from dispatch.policy import Policy
from gtfs.day_rows import Wheelchair
from gtfs.days import TimetableDay, timetable_day
from regions.region import Region

_DAYS_KEPT = 16
_Key = tuple[str, date, Wheelchair, int]


class Timetables:
    """Days of timetables in memory, those asked for last."""

    def __init__(self) -> None:
        self._days: OrderedDict[_Key, TimetableDay] = OrderedDict()
        self._lock = Lock()

    def day(self, region: Region, day: date, load: Load, policy: Policy) -> TimetableDay | None:
        """Return what runs on a day for a party; None if the region has no timetable for it.

        Parties that walk slowly get more time to change.
        """
        timetable = region.timetable
        if timetable is None or not timetable.running_on(day).any():
            return None
        needs = load[LOAD_KINDS.index(LoadKind.WHEELCHAIR)] > 0
        wheelchair = Wheelchair.PERHAPS if needs else Wheelchair.NOT_NEEDED
        change_s = policy.transfer_time_s(load)
        key = str(region.path), day, wheelchair, change_s
        with self._lock:
            known = self._days.get(key)
            if known is not None and known.timetable is timetable:
                self._days.move_to_end(key)
                return known
            made = timetable_day(timetable, day, wheelchair=wheelchair, change_s=change_s)
            self._days[key] = made
            if len(self._days) > _DAYS_KEPT:
                self._days.popitem(last=False)
            return made

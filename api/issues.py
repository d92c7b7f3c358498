"""Feeds for others, made once: whoever asks for them again gets what was made before."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from gtfs.export.service import Edition

_KEPT = 16
"""Issues in memory: of each area and of all, under a few addresses."""
_Key = tuple[str, str | None, Edition]


class Issues:
    """Issues of feeds, by kind, area (None: all) and edition; the editions of a day are alike.

    Pairs of many stops take a third of a second, and everybody may ask, also many at once.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, bytes] = OrderedDict()
        self._lock = Lock()

    def once(self, key: _Key, make: Callable[[], bytes]) -> bytes:
        """Return an issue, made now if it was not before; what ``make`` raises is raised again."""
        with self._lock:
            made = self._kept.get(key)
            if made is None:
                made = self._kept[key] = make()
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return made

"""Public transport as it is now: timetables in force, and what is told about them, by region.

What is handed out is never changed, only replaced; whoever took it may go on with it.
"""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import structlog

from api.renewing import Renewer
from gtfs.errors import FeedError
from gtfs.overlay import Overlay
from gtfs.realtime import Alert, News, RealtimeReader
from gtfs.realtime.message import RealtimeLimits
from gtfs.renewal import days_of_service
from gtfs.timetable import Timetable
from regions.errors import FetchError, RegionError
from regions.feeds import Feeds, RealtimeSource, all_feeds
from regions.fetching import Fetcher
from regions.region import Region

_log = structlog.get_logger()
_LIMITS = RealtimeLimits()


@dataclass(frozen=True, slots=True, eq=False)
class PublicTransport:
    """What is known of a region's buses and trains.

    Parameters
    ----------
    overlay
        To be laid over days of this ``timetable`` and no other; the same object as long as nothing new is
        told. None where nothing is, or nothing any more.
    told_s
        UNIX time of the oldest of the messages in use.
    """

    timetable: Timetable | None
    last_day: date | None
    overlay: Overlay | None = None
    alerts: tuple[Alert, ...] = ()
    told_s: int | None = None


class LiveRegion:
    """One region: refreshed by jobs, read by requests."""

    def __init__(self, region: Region) -> None:
        self.name = region.path.name
        self.feeds: Feeds = all_feeds(area.feeds for area in region.areas.values())
        self._fetchers = {source: Fetcher(source.source) for source in self.feeds.realtime}
        self._news: dict[RealtimeSource, News] = {}
        self._renewer = Renewer(region.path, self.feeds.timetable)
        self._lock, self._renewing = threading.Lock(), threading.Lock()
        self._readers: dict[RealtimeSource, RealtimeReader] = {}
        self._current = PublicTransport(None, None)
        self._take(region.timetable)

    def now(self, now_s: int) -> PublicTransport:
        """Return what is known at a UNIX time; news that became stale meanwhile are left out."""
        current = self._current
        if current.told_s is None or current.told_s >= now_s - _LIMITS.stale_s:
            return current
        return PublicTransport(current.timetable, current.last_day)

    def refresh(self, now_s: int) -> None:
        """Fetch and read what is told; a source that fails keeps its last news until they are stale."""
        with self._lock:
            for source, reader in self._readers.items():
                try:
                    self._read(source, reader, now_s)
                except (FetchError, FeedError) as error:
                    _log.warning("realtime", region=self.name, code=error.code, what=error.message)
            since = now_s - _LIMITS.stale_s
            self._news = {key: news for key, news in self._news.items() if news.told_s >= since}
            self._current = self._joined(now_s)

    def renew(self, today: date, now_s: int) -> None:
        """Fetch the timetable and put it in force if it changed and is good; else the old one stays."""
        with self._renewing:
            try:
                renewed = self._renewer.run(today, now_s)
            except (FeedError, RegionError) as error:
                _log.warning("timetable", region=self.name, code=error.code, what=error.message)
                return
            if renewed is not None:
                with self._lock:
                    self._take(renewed)

    def _read(self, source: RealtimeSource, reader: RealtimeReader, now_s: int) -> None:
        data = io.BytesIO()
        if self._fetchers[source].fetch(data, now_s):
            news = reader.read(data.getvalue(), now_s)
            self._news[source] = news
            _log.info("realtime", region=self.name, **news.report.counts)

    def _joined(self, now_s: int) -> PublicTransport:
        """Everything that is told by any source, without what is too old."""
        current, news = self._current, self._news.values()
        if not news:
            return PublicTransport(current.timetable, current.last_day)
        fresh = [one.overlay.fresh(now_s, _LIMITS.stale_s) for one in news]
        overlay = Overlay(
            {key: update for one in fresh for key, update in one.updates.items()},
            tuple(trip for one in fresh for trip in one.added),
        )
        return PublicTransport(
            current.timetable,
            current.last_day,
            # the same object for the same news: days laid out with it need not be made again
            current.overlay if overlay == current.overlay else overlay,
            tuple(alert for one in news for alert in one.alerts),
            min(one.told_s for one in news),
        )

    def _take(self, timetable: Timetable | None) -> None:
        """Put a timetable in force; indices of the old one mean nothing any more."""
        self._news.clear()
        for fetcher in self._fetchers.values():
            fetcher.forget()
        if timetable is None:
            return
        self._readers = {one: RealtimeReader(timetable, one.feed) for one in self.feeds.realtime}
        self._current = PublicTransport(timetable, days_of_service(timetable)[1])


@dataclass(frozen=True, slots=True)
class Live:
    """All regions, by area id; areas of one region share one."""

    regions: Mapping[str, LiveRegion] = field(default_factory=dict)

    @classmethod
    def of(cls, by_area: Mapping[str, Region]) -> "Live":
        """Begin with the timetables of the regions, by area id."""
        made = {region.path: LiveRegion(region) for region in by_area.values()}
        return cls({area_id: made[region.path] for area_id, region in by_area.items()})

    def each(self) -> tuple[LiveRegion, ...]:
        """Return every region once."""
        return tuple(dict.fromkeys(self.regions.values()))

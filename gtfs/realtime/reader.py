"""Read messages of one realtime feed for one timetable."""

from dataclasses import dataclass

from gtfs.overlay import Overlay
from gtfs.realtime.alerts import Alert, read_alert
from gtfs.realtime.ids import Ids
from gtfs.realtime.message import RealtimeLimits, parse
from gtfs.realtime.report import RealtimeReport
from gtfs.realtime.trips import Trips
from gtfs.timetable import Timetable

_DEFAULTS = RealtimeLimits()


@dataclass(frozen=True, slots=True)
class News:
    """What one message told; ``told_s`` is the UNIX time of it."""

    told_s: int
    overlay: Overlay
    alerts: tuple[Alert, ...]
    report: RealtimeReport


class RealtimeReader:
    """Reads messages for one timetable; to be kept, it looks up ids.

    Parameters
    ----------
    feed
        Name of the feed where the timetable was merged from several: the prefix of its ids.
    """

    def __init__(
        self, timetable: Timetable, feed: str = "", limits: RealtimeLimits = _DEFAULTS
    ) -> None:
        self._ids = Ids(timetable, feed)
        self._limits = limits

    def read(self, data: bytes, now_s: int) -> News:
        """Read a message at the UNIX time ``now_s``.

        VehiclePositions are counted and left alone: a place on the map is no time at a stop, and those
        we met name no trip.

        Raises
        ------
        FeedError
            ``realtime-too-large``, ``realtime-unreadable``, ``realtime-differential``, ``realtime-ahead``,
            ``realtime-stale``.
        """
        message = parse(data, now_s, self._limits)
        report = RealtimeReport(min(message.header.timestamp, now_s))
        trips = Trips(self._ids, now_s, self._limits, report)
        alerts: list[Alert] = []
        for entity in message.entity:
            if entity.is_deleted:
                continue
            if entity.HasField("trip_update"):
                trips.add(entity.trip_update)
            if entity.HasField("vehicle"):
                report.count("vehicles")
            if entity.HasField("alert"):
                alert = read_alert(entity.id, entity.alert, self._ids)
                report.count("alerts" if alert else "alerts-elsewhere")
                if alert:
                    alerts.append(alert)
        return News(report.told_s, trips.overlay(), tuple(alerts), report)

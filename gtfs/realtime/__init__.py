"""GTFS-Realtime: what is told today about the trips of a timetable, as an overlay and as alerts.

The only place that imports the protobuf bindings. Nothing here reads a clock, a file or the network.
"""

from gtfs.realtime.alerts import Alert, Informed, alerts_of
from gtfs.realtime.reader import News, RealtimeReader
from gtfs.realtime.report import RealtimeReport

__all__ = ["Alert", "Informed", "News", "RealtimeReader", "RealtimeReport", "alerts_of"]

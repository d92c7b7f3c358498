"""Read a GTFS feed into a timetable. The only place that imports gtfs_kit and pandas.

gtfs_kit reads most faulty feeds without a word; everything around it here is there to notice.
"""

from gtfs.feed.read import read_feed, read_other_services
from gtfs.feed.several import read_feeds

__all__ = ["read_feed", "read_feeds", "read_other_services"]

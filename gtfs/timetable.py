"""The timetable: one frozen set of arrays, made once from a feed, memory-mapped ever after.

Dtypes, fixed once per meaning: times are int32 seconds since the start of the service day (noon minus
12 h; past 24:00 is fine), indices int32 with -1 for "none", coordinates float64 degrees (WGS84).
Arrays that start with ``first_`` are CSR offsets: the rows of item i are ``first[i]:first[i + 1]``.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from gtfs.errors import FeedError
from gtfs.laws import laws

Int32Array = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]

FEED_SEPARATOR = ":"
"""Stands between the name of a feed and an id of it, where a timetable was merged from several."""
NO_BOARDING = 1
"""Value of ``pickup_type``: nobody may board here."""
CALL_AHEAD = 2
"""Value of ``pickup_type``: boarding must be arranged with the agency by telephone."""
NO_ALIGHTING = 1
"""Value of ``drop_off_type``: nobody may get off here."""
NOT_POSSIBLE = -1
"""Value of ``transfer_s``: the agency says that nobody can change here."""


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """Stops, routes, trips, their times and the days they run.

    Parameters
    ----------
    time_zone
        IANA name; all times are meant there.
    first_day
        Proleptic ordinal (``date.toordinal``) of the first column of ``service_days``.
    stop_id, stop_name
        s strings. Only stops served by a trip, and the stations they belong to.
    stop_lon, stop_lat
        float64[s].
    stop_station
        int32[s], the stop that is the station of this platform, or -1.
    stop_platform
        s strings, what the platform is called ("2", "B"); may be empty.
    stop_wheelchair
        uint8[s], GTFS: 0 unknown, 1 possible, 2 not; a platform without a value has its station's.
    route_id, route_short_name, route_long_name
        r strings; the names may be empty, not both.
    route_type
        int32[r], GTFS route type, extended ones included.
    trip_id, trip_headsign
        t strings; where the feed names no headsign it is the name of the last stop.
    trip_route, trip_service
        int32[t], indices into the routes and into the rows of ``service_days``.
    trip_wheelchair
        uint8[t], GTFS: 0 unknown, 1 there is room for one, 2 not.
    trip_continues
        int32[t], the trip as which its vehicle goes on with the riders aboard, or -1. It leaves no
        earlier than this one arrives, arrives later, and runs on all days of this one.
    first_stop_time
        int32[t + 1], CSR of trips into the stop times, at least two per trip.
    stop_time_trip, stop_time_stop
        int32[k], indices.
    stop_sequence
        int32[k], the feed's numbers of a trip's stops, ascending; realtime names stops by them.
    arrival_s, departure_s
        int32[k], never decreasing along a trip.
    stop_time_headsign
        int32[k], index into ``headsigns`` where a stop shows another headsign than its trip, else -1.
    headsigns
        The distinct headsigns of single stops.
    pickup_type
        uint8[k], GTFS: 0 regular, 1 none, 2 call the agency, 3 ask the driver.
    drop_off_type
        uint8[k], the same for getting off.
    first_departure
        int32[s + 1], CSR of stops into ``departures``.
    departures
        int32[d], stop times at which one can board, per stop by departure time, then by stop time.
    first_transfer
        int32[s + 1], CSR of stops into the transfers on foot that begin there.
    transfer_stop
        int32[x], where the transfer ends, ascending per stop; may be the stop itself.
    transfer_s
        int32[x], least seconds from arrival to departure, ``NOT_POSSIBLE`` where the feed forbids it.
        Rows of transfers.txt first, footpaths between stops within 400 m where there is none.
    transfer_footpath
        bool[x], such a footpath: the time is that of the way alone, changing may take longer.
    service_id
        v strings.
    service_days
        bool[v, days]: does the service run on ``first_day`` + column?
    """

    time_zone: str
    first_day: int
    stop_id: tuple[str, ...]
    stop_name: tuple[str, ...]
    stop_lon: FloatArray
    stop_lat: FloatArray
    stop_station: Int32Array
    stop_platform: tuple[str, ...]
    stop_wheelchair: ByteArray
    route_id: tuple[str, ...]
    route_short_name: tuple[str, ...]
    route_long_name: tuple[str, ...]
    route_type: Int32Array
    trip_id: tuple[str, ...]
    trip_headsign: tuple[str, ...]
    trip_route: Int32Array
    trip_service: Int32Array
    trip_wheelchair: ByteArray
    trip_continues: Int32Array
    first_stop_time: Int32Array
    stop_time_trip: Int32Array
    stop_time_stop: Int32Array
    stop_sequence: Int32Array
    arrival_s: Int32Array
    departure_s: Int32Array
    stop_time_headsign: Int32Array
    headsigns: tuple[str, ...]
    pickup_type: ByteArray
    drop_off_type: ByteArray
    first_departure: Int32Array
    departures: Int32Array
    first_transfer: Int32Array
    transfer_stop: Int32Array
    transfer_s: Int32Array
    transfer_footpath: BoolArray
    service_id: tuple[str, ...]
    service_days: BoolArray

    def running_on(self, day: date) -> BoolArray:
        """Which services run on ``day``: bool[v], all False outside the timetable."""
        column = day.toordinal() - self.first_day
        if 0 <= column < self.service_days.shape[1]:
            running: BoolArray = self.service_days[:, column]
            return running
        return np.zeros(len(self.service_id), dtype=np.bool_)

    def check(self) -> None:
        """Refuse arrays that break the contract of the class.

        Raises
        ------
        FeedError
            ``timetable-inconsistent``, naming the law that does not hold.
        """
        for law, holds in laws(self):
            if not holds:
                raise FeedError(
                    "timetable-inconsistent",
                    f"The timetable is damaged: {law}; build it again from its feed.",
                )

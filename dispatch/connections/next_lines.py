"""When the same line leaves next from a stop."""

import numpy as np

from dispatch.connections.lines import Lines
from dispatch.model import Connection
from gtfs.net import BOARD


def next_departure_s(lines: Lines, meets: Connection, ready_s: int) -> int | None:
    """Return the first departure of a connection's line and headsign at ``ready_s`` or later, None if none.

    As far as is known today: what is late or cancelled counts as such.
    """
    day, net, timetable = lines.day, lines.day.net, lines.day.timetable
    if meets.trip not in timetable.trip_id or meets.stop not in timetable.stop_id:
        return None
    trip, stop = timetable.trip_id.index(meets.trip), timetable.stop_id.index(meets.stop)
    same = timetable.trip_route[day.run_trip] == timetable.trip_route[trip]
    found = []
    for run in np.flatnonzero(same).tolist():
        if timetable.trip_headsign[int(day.run_trip[run])] != timetable.trip_headsign[trip]:
            continue
        place = int(net.first_place[net.run_line[run]])
        events = np.arange(net.first_event[run], net.first_event[run + 1])
        stops, flags = (
            row[place : place + len(events)] for row in (net.place_stop, net.place_flags)
        )
        leaves = net.departure_s[events[(stops == stop) & ((flags & BOARD) > 0)]]
        found += leaves[leaves >= ready_s].tolist()
    return min(found) if found else None

"""News of the day laid over a day's timetable: from the bytes of a message to a net that can be searched."""

from datetime import date

import numpy as np
from google.transit.gtfs_realtime_pb2 import FeedMessage, TripUpdate

from benchmarks.record import median_ms
from gtfs.days import timetable_day
from gtfs.realtime import RealtimeReader
from gtfs.service_day import service_day_start
from gtfs.timetable import Timetable

SEED = 1
UPDATES = 1_000
LATEST_S = 900
REPEATS = 9


def today(timetable: Timetable, day: date) -> dict[str, float]:
    """Milliseconds for 1,000 updates (fewer if fewer trips run), every stop told.

    ``news_read_ms`` from bytes to an overlay, ``news_laid_ms`` from that to the day with both its nets.
    """
    now_s = service_day_start(day, timetable.time_zone) + 12 * 3600
    data, size = _message(timetable, day, now_s)
    reader = RealtimeReader(timetable)
    overlay = reader.read(data, now_s).overlay
    if len(overlay.updates) != size:
        raise SystemExit("The benchmark's own news do not fit the timetable.")
    return {
        "news": float(size),
        "news_read_ms": median_ms(lambda: reader.read(data, now_s), REPEATS),
        "news_laid_ms": median_ms(
            lambda: timetable_day(timetable, day, overlay=overlay).turned, REPEATS
        ),
    }


def _message(timetable: Timetable, day: date, now_s: int) -> tuple[bytes, int]:
    """Return a message that tells delays at all stops of random trips of the day, and how many trips."""
    random = np.random.default_rng(SEED)
    running = np.flatnonzero(timetable.running_on(day)[timetable.trip_service])
    chosen = random.choice(running, min(UPDATES, len(running)), replace=False).tolist()
    message = FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.timestamp = now_s
    for trip in chosen:
        update: TripUpdate = message.entity.add(id=str(trip)).trip_update
        update.trip.trip_id = timetable.trip_id[trip]
        update.trip.start_date = f"{day:%Y%m%d}"
        late_s = int(random.integers(0, LATEST_S))
        for row in range(*timetable.first_stop_time[trip : trip + 2].tolist()):
            stop = update.stop_time_update.add(stop_sequence=int(timetable.stop_sequence[row]))
            stop.arrival.delay = stop.departure.delay = late_s
    return message.SerializeToString(), len(chosen)

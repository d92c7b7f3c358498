"""Compile the kernels before somebody waits for them."""

from datetime import date

import numpy as np

from gtfs.day_rows import delayed_times
from gtfs.days import timetable_day
from gtfs.journey import Offer
from gtfs.search import earliest_arrival, journeys_arriving, journeys_leaving, latest_departure
from gtfs.timetable import Timetable


def warm(timetable: Timetable) -> None:
    """Ask one question of each kind on the first day of a timetable."""
    day = timetable_day(timetable, date.fromordinal(timetable.first_day))
    ends = [Offer(0, 0)], [Offer(1, 0)]
    earliest_arrival(day, *ends, 0)
    latest_departure(day, *ends, 0)
    journeys_leaving(day, *ends, 0, 0)
    journeys_arriving(day, *ends, 0, 0)
    # what is told today moves the times of trips
    delayed_times(np.zeros((2, 2), dtype=np.int32), np.array([0, 2], dtype=np.int32), [()])

"""A brute-force search of a timetable in plain Python; no code shared with `gtfs.search`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from gtfs.journey import Offer
from gtfs.timetable import Timetable

INF = 2**30
Point = tuple[int, int, int]
"""Departure, arrival, transfers."""


@dataclass
class Run:
    """A trip on a service day, times shifted to the asked one."""

    trip: int
    stops: list[int]
    arrive: list[int]
    leave: list[int]
    board: list[bool]
    alight: list[bool]
    next: "Run | None" = None


class TimetableByHand:
    """All of a span, searched ride by ride; values of ``wheelchair`` fields that suffice are ``usable``."""

    def __init__(
        self,
        timetable: Timetable,
        day: date,
        span: tuple[int, int],
        usable: frozenset[int] = frozenset({0, 1, 2}),
        longest_walk_s: int = INF,
    ) -> None:
        self.timetable, self.day = timetable, day
        self.runs: list[Run] = []
        for days in range(-4, 5):
            self._add_day(days, span, usable)
        self.moves: dict[int, list[tuple[int, int]]] = {}
        t = timetable
        for stop in range(len(t.stop_id)):
            rows = range(t.first_transfer[stop], t.first_transfer[stop + 1])
            own = {int(t.transfer_stop[row]): least_s(t, row) for row in rows}
            own.setdefault(stop, 120)
            self.moves[stop] = [
                (other, seconds)
                for other, seconds in own.items()
                if seconds >= 0 and (other == stop or seconds <= longest_walk_s)
            ]

    def _add_day(self, days: int, span: tuple[int, int], usable: frozenset[int]) -> None:
        t, shift = self.timetable, seconds_between(self.day, days, self.timetable.time_zone)
        column = self.day.toordinal() + days - t.first_day
        if not 0 <= column < t.service_days.shape[1]:
            return
        of_trip: dict[int, Run] = {}
        for trip in np.flatnonzero(t.service_days[t.trip_service, column]).tolist():
            begin, end = t.first_stop_time[trip : trip + 2].tolist()
            leave = [time + shift for time in t.departure_s[begin:end].tolist()]
            arrive = [time + shift for time in t.arrival_s[begin:end].tolist()]
            if (
                int(t.trip_wheelchair[trip]) not in usable
                or leave[0] >= span[1]
                or arrive[-1] < span[0]
            ):
                continue
            stops = t.stop_time_stop[begin:end].tolist()
            fit = [int(t.stop_wheelchair[stop]) in usable for stop in stops]
            board = [f and p != 1 for f, p in zip(fit, t.pickup_type[begin:end], strict=True)]
            alight = [f and d != 1 for f, d in zip(fit, t.drop_off_type[begin:end], strict=True)]
            board[-1] = alight[0] = False
            of_trip[trip] = Run(trip, stops, arrive, leave, board, alight)
        for trip, run in of_trip.items():
            other = of_trip.get(int(t.trip_continues[trip]))
            if other and other.leave[0] >= run.arrive[-1] and other.leave[0] > run.leave[0]:
                run.next = other
        self.runs += of_trip.values()

    def arrivals(self, access: Sequence[Offer], leaves_s: int, most: int) -> list[dict[int, int]]:
        """Earliest arrival aboard at each stop with at most 1, 2, ... ``most`` rides."""
        ready: dict[int, int] = {}
        for stop, seconds, since, until in access:
            at = max(leaves_s + seconds, since)
            if at <= until:
                ready[stop] = min(ready.get(stop, INF), at)
        found: list[dict[int, int]] = []
        arrived: dict[int, int] = {}
        for _ in range(most):
            arrived = dict(arrived)
            for stop, at in self._ride(ready).items():
                arrived[stop] = min(arrived.get(stop, INF), at)
            found.append(arrived)
            before, ready = ready, dict(ready)
            for stop, at in arrived.items():
                for other, seconds in self.moves[stop]:
                    ready[other] = min(ready.get(other, INF), at + seconds)
            if before == ready:
                break
        return found + [arrived] * (most - len(found))

    def _ride(self, ready: dict[int, int]) -> dict[int, int]:
        arrived: dict[int, int] = {}
        stayed: set[int] = set()
        for first in self.runs:
            place = next(
                (
                    i
                    for i, stop in enumerate(first.stops)
                    if first.board[i] and first.leave[i] >= ready.get(stop, INF)
                ),
                None,
            )
            run: Run | None = first
            while run is not None and place is not None:
                for i in range(place + 1, len(run.stops)):
                    if run.alight[i]:
                        stop = run.stops[i]
                        arrived[stop] = min(arrived.get(stop, INF), run.arrive[i])
                run, place = run.next, 0
                if run is None or id(run) in stayed:
                    break
                stayed.add(id(run))
        return arrived

    def leaving(self, access: Sequence[Offer]) -> list[int]:
        """When it makes sense to leave, latest first."""
        times = set()
        for stop, seconds, since, until in access:
            for run in self.runs:
                for i, other in enumerate(run.stops):
                    at = min(run.leave[i], until)
                    if other == stop and run.board[i] and at >= since:
                        times.add(at - seconds)
        return sorted(times, reverse=True)

    def fronts(
        self,
        access: Sequence[Offer],
        goals: Sequence[Sequence[Offer]],
        most: int,
        window: tuple[int, int] = (-INF, INF),
    ) -> list[set[Point]]:
        """Pareto sets for each goal, of those who leave within the window."""
        fronts: list[set[Point]] = [set() for _ in goals]
        best = [[INF] * (most + 1) for _ in goals]
        times = [time for time in self.leaving(access) if window[0] <= time <= window[1]]
        for leaves_s in [window[1] + 1, *times] if window[1] < INF else times:
            arrivals = self.arrivals(access, leaves_s, most)
            for goal, egress in enumerate(goals):
                least = INF
                for rides in range(1, most + 1):
                    at = goal_time(arrivals[rides - 1], egress)
                    if at < min(least, best[goal][rides]) and leaves_s <= window[1]:
                        fronts[goal].add((leaves_s, at, rides - 1))
                    best[goal][rides] = min(best[goal][rides], at)
                    least = min(least, at)
        return fronts


def goal_time(arrived: dict[int, int], egress: Sequence[Offer]) -> int:
    """Earliest arrival at the goal."""
    times = [INF]
    for stop, seconds, since, until in egress:
        at = max(arrived.get(stop, INF), since)
        if at <= until and stop in arrived:
            times.append(at + seconds)
    return min(times)


def seconds_between(day: date, days: int, time_zone: str) -> int:
    """From the start of a service day to that of another one."""
    noons = [
        datetime(d.year, d.month, d.day, 12, tzinfo=ZoneInfo(time_zone)).timestamp()
        for d in (day, day + timedelta(days=days))
    ]
    return round(noons[1] - noons[0])


def least_s(timetable: Timetable, row: int) -> int:
    """Seconds from ride to ride: what the feed says, or the way but no less than a change at one stop."""
    seconds = int(timetable.transfer_s[row])
    return max(seconds, 120) if timetable.transfer_footpath[row] else seconds

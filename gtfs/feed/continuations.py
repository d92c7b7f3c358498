"""Which trip a vehicle goes on as: blocks of trips.txt and in-seat transfers (types 4 and 5)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.feed.runs import Int64Array, Runs
from gtfs.feed.services import Services
from gtfs.feed.stop_times import StopTimes
from gtfs.feed.transfers import TABLE
from gtfs.report import Severity
from gtfs.timetable import Int32Array

_IN_SEAT, _RE_BOARD = 4, 5


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """Where and when each run begins and ends, and the days it runs."""

    first_stop: Int64Array
    last_stop: Int64Array
    departs_s: Int64Array
    arrives_s: Int64Array
    days: BoolArray

    def fits(self, before: Int64Array, after: Int64Array) -> BoolArray:
        """Whether a vehicle that drives ``before`` can be there for ``after``, and gets on in time."""
        waits = self.departs_s[after] >= self.arrives_s[before]
        fits: BoolArray = waits & (self.arrives_s[after] > self.arrives_s[before])
        return fits


def read_continuations(
    inspection: Inspection,
    frames: dict[str, pd.DataFrame],
    services: Services,
    stop_times: StopTimes,
    runs: Runs,
) -> Int32Array:
    """int32[runs]: the run whose vehicle goes on as it with the riders aboard, -1 for none.

    Runs that frequencies.txt repeats have no place in a block and are never continued.
    """
    trips = frames["trips"]
    run_of = np.full(len(trips), -1, dtype=np.int64)
    usual = np.flatnonzero(runs.usual)
    run_of[runs.trip[usual]] = usual
    ends = _ends(trips, services, stop_times, runs)
    continues = np.full(len(runs.trip), -1, dtype=np.int32)
    if "block_id" in trips:
        _by_block(inspection, trips, run_of, ends, continues)
    rows = frames.get(TABLE)
    if rows is not None and {"transfer_type", "from_trip_id", "to_trip_id"} <= set(rows):
        _by_transfer(inspection, rows, pd.Index(trips["trip_id"]), run_of, ends, continues)
    return continues


def _ends(trips: pd.DataFrame, services: Services, stop_times: StopTimes, runs: Runs) -> _Ends:
    first, last = runs.row[runs.first[:-1]], runs.row[runs.first[1:] - 1]
    service = services.ids.get_indexer(pd.Index(trips["service_id"].iloc[runs.trip]))
    return _Ends(
        first_stop=stop_times.stop[first],
        last_stop=stop_times.stop[last],
        departs_s=stop_times.departure_s[first] + runs.shift_s,
        arrives_s=stop_times.arrival_s[last] + runs.shift_s,
        days=services.days[service],
    )


def _by_block(
    inspection: Inspection,
    trips: pd.DataFrame,
    run_of: Int64Array,
    ends: _Ends,
    continues: Int32Array,
) -> None:
    """Chain the trips of a block and service where the next begins where and when one ends."""
    in_block = np.flatnonzero(trips["block_id"].notna().to_numpy(dtype=np.bool_) & (run_of >= 0))
    blocks = trips.iloc[in_block].groupby(["service_id", "block_id"]).ngroup().to_numpy()
    run = run_of[in_block]
    order = np.lexsort((ends.arrives_s[run], ends.departs_s[run], blocks))
    blocks, run, in_block = blocks[order], run[order], in_block[order]
    before, after = run[:-1], run[1:]
    chained = np.diff(blocks) == 0
    overlaps = np.zeros(len(run), dtype=np.bool_)
    overlaps[1:] = chained & (ends.departs_s[after] < ends.arrives_s[before])
    message = "trip {trip_id} of block {block_id} begins before the trip before it has ended."
    inspection.rows(
        "block-overlaps", "trips", trips.iloc[in_block], overlaps, message, Severity.WARNING
    )
    linked = chained & (ends.last_stop[before] == ends.first_stop[after]) & ends.fits(before, after)
    continues[before[linked]] = after[linked]


def _by_transfer(
    inspection: Inspection,
    rows: pd.DataFrame,
    trip_ids: pd.Index,
    run_of: Int64Array,
    ends: _Ends,
    continues: Int32Array,
) -> None:
    """Apply rows of types 4 (stay aboard) and 5 (get off and on again), which outrank blocks."""
    kinds = rows["transfer_type"].fillna(0).to_numpy(dtype=np.int64)
    rows, kinds = rows[kinds >= _IN_SEAT], kinds[kinds >= _IN_SEAT]
    before, after = (
        np.where(trip < 0, -1, run_of[trip])
        for trip in (
            trip_ids.get_indexer(pd.Index(rows[column]))
            for column in ("from_trip_id", "to_trip_id")
        )
    )
    lost = (before < 0) | (after < 0)
    message = (
        "the transfer from trip {from_trip_id!r} to {to_trip_id!r} has no such trips; left out."
    )
    inspection.rows("dangling-transfer", TABLE, rows, lost, message, Severity.WARNING)
    stays = ~lost & (kinds == _IN_SEAT)
    fits = np.zeros(len(rows), dtype=np.bool_)
    fits[stays] = ends.fits(before[stays], after[stays])
    message = "trip {from_trip_id} cannot go on as {to_trip_id}, which begins earlier; left out."
    inspection.rows("continuation-backwards", TABLE, rows, stays & ~fits, message, Severity.WARNING)
    whole = fits.copy()
    whole[fits] = (~ends.days[before[fits]] | ends.days[after[fits]]).all(axis=1)
    whole &= ~_taken(before, whole)
    message = (
        "trip {from_trip_id} goes on as {to_trip_id} on some of its days only, or as several "
        "trips; left out."
    )
    inspection.rows("continuation-left-out", TABLE, rows, fits & ~whole, message, Severity.WARNING)
    continues[before[whole]] = after[whole]
    leaves = ~lost & (kinds == _RE_BOARD)
    apart = before[leaves][continues[before[leaves]] == after[leaves]]
    continues[apart] = -1


def _taken(before: Int64Array, chosen: BoolArray) -> BoolArray:
    """Which chosen rows name a trip that an earlier chosen row has named."""
    taken = np.zeros(len(before), dtype=np.bool_)
    taken[chosen] = pd.Series(before[chosen]).duplicated().to_numpy()
    return taken

"""transfers.txt: rows between stops as seconds, stations expanded to their platforms."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gtfs.feed.inspection import BoolArray, Inspection
from gtfs.report import Severity
from gtfs.timetable import NOT_POSSIBLE
from gtfs.transfers import Int64Array, Links, no_links, walking_s

TABLE = "transfers"
SPECIFIC = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")
"""Columns that narrow a row down to routes or trips."""
_RECOMMENDED, _TIMED, _MINIMUM, _IMPOSSIBLE = range(4)
_TYPES = 6
_SPECIFIC_RANK = 3
"""Rows for certain routes or trips come after those for platforms (0), a platform and a station, stations."""


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """CSR of the rows of stops.txt into those served by trips: the stop itself, a station's platforms."""

    first: Int64Array
    stop: Int64Array


def members_of(stops: pd.DataFrame, served: BoolArray) -> Members:
    """List what a row of stops.txt stands for in a transfer; ``served`` marks stops with trips."""
    own = np.flatnonzero(served)
    if "parent_station" in stops:
        parent = pd.Index(stops["stop_id"]).get_indexer(pd.Index(stops["parent_station"]))
        inside = np.flatnonzero(served & (parent >= 0) & (parent != np.arange(len(stops))))
        owner = np.concatenate([own, parent[inside]])
        member = np.concatenate([own, inside])
    else:
        owner = member = own
    order = np.lexsort((member, owner))
    counts = np.bincount(owner, minlength=len(stops))
    return Members(np.concatenate([[0], np.cumsum(counts)]), member[order])


def read_transfers(
    inspection: Inspection, frame: pd.DataFrame | None, stops: pd.DataFrame, served: BoolArray
) -> Links:
    """Read the rows of types 0 to 3; indices are rows of stops.txt, one link per pair of stops.

    A row for certain routes or trips is not known to the search: one with a least time stands for
    its stops where nothing else does (the longest of several, to be safe), others are left out.
    """
    if frame is None:
        return no_links()
    kind = _number(frame, "transfer_type")
    odd = (kind < 0) | (kind >= _TYPES)
    message = "transfer_type must be 0 to 5, not {transfer_type}; the row is left out."
    inspection.rows("bad-value", TABLE, frame, odd, message, Severity.WARNING)
    between = ~odd & (kind <= _IMPOSSIBLE)
    frame, kind = frame[between], kind[between]
    source, target = (_stop_of(frame, stops, end) for end in ("from_stop_id", "to_stop_id"))
    lost = (source < 0) | (target < 0)
    message = (
        "the transfer from {from_stop_id!r} to {to_stop_id!r} names no stop of stops.txt; left out."
    )
    inspection.rows("dangling-transfer", TABLE, frame, lost, message, Severity.WARNING)
    specific = _specific(inspection, frame)
    _warn_of_values(inspection, frame, kind, specific)
    keep = ~lost & (~specific | (kind == _MINIMUM))
    least = _number(frame, "min_transfer_time", -1)
    return _resolve(
        stops,
        members_of(stops, served),
        Links(source[keep], target[keep], least[keep]),
        kind[keep],
        specific[keep],
    )


def _resolve(
    stops: pd.DataFrame, members: Members, rows: Links, kind: Int64Array, specific: BoolArray
) -> Links:
    """Expand rows to the stops they stand for and keep the one nearest to each pair of stops."""
    row, source, target = _expand(members, rows)
    kind = kind[row]
    lon, lat = (stops[column].to_numpy(np.float64) for column in ("stop_lon", "stop_lat"))
    on_foot = walking_s(lon, lat, source, target)
    least = rows.seconds[row]
    seconds = np.select(
        [kind == _TIMED, kind == _IMPOSSIBLE, (kind == _MINIMUM) & (least >= 0)],
        [np.zeros_like(least), np.full_like(least, NOT_POSSIBLE), least],
        np.maximum(on_foot, least),
    )
    # a stop that is recommended for changing tells no time for it: the usual one counts
    told = (source != target) | (kind == _TIMED) | (kind == _IMPOSSIBLE) | (least >= 0)
    rank = np.add(source != rows.source[row], target != rows.target[row], dtype=np.int64)
    rank[specific[row]] = _SPECIFIC_RANK
    tie = np.where(specific[row], -seconds, row)
    order = np.lexsort((tie, rank, target, source))
    order = order[told[order]]
    source, target, seconds = source[order], target[order], seconds[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(source) != 0) | (np.diff(target) != 0)
    return Links(source[first], target[first], seconds[first])


def _expand(members: Members, rows: Links) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Row, from stop and to stop of every pair of members of the ends of each row."""
    sizes = np.diff(members.first)
    wide = sizes[rows.target]
    pairs = sizes[rows.source] * wide
    row = np.repeat(np.arange(len(pairs)), pairs)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(pairs) - pairs, pairs)
    return (
        row,
        members.stop[members.first[rows.source[row]] + nth // wide[row]],
        members.stop[members.first[rows.target[row]] + nth % wide[row]],
    )


def _specific(inspection: Inspection, frame: pd.DataFrame) -> BoolArray:
    """Which rows hold for certain routes or trips only."""
    specific = np.zeros(len(frame), dtype=np.bool_)
    for column in SPECIFIC:
        if column in frame:
            specific |= frame[column].notna().to_numpy(dtype=np.bool_)
    message = (
        "the transfer from {from_stop_id} to {to_stop_id} is for certain routes or trips; a least "
        "time counts for the stops where no other row does, everything else is left out."
    )
    inspection.rows("transfers-specific", TABLE, frame, specific, message, Severity.WARNING)
    return specific


def _warn_of_values(
    inspection: Inspection, frame: pd.DataFrame, kind: Int64Array, specific: BoolArray
) -> None:
    least = _number(frame, "min_transfer_time", -1)
    timeless = (kind == _MINIMUM) & (least < 0)
    message = (
        "the transfer from {from_stop_id} to {to_stop_id} has no min_transfer_time (0 or more); "
        "the way on foot counts."
    )
    inspection.rows("transfer-without-time", TABLE, frame, timeless, message, Severity.WARNING)
    twice = ~specific & frame.duplicated(["from_stop_id", "to_stop_id"]).to_numpy()
    message = "the transfer from {from_stop_id} to {to_stop_id} is there twice; the first counts."
    inspection.rows("duplicate-transfer", TABLE, frame, twice, message, Severity.WARNING)


def _stop_of(frame: pd.DataFrame, stops: pd.DataFrame, column: str) -> Int64Array:
    """Rows of stops.txt, -1 for an unknown or empty id."""
    found: Int64Array = pd.Index(stops["stop_id"]).get_indexer(pd.Index(frame[column]))
    return found


def _number(frame: pd.DataFrame, column: str, otherwise: int = 0) -> Int64Array:
    """Whole numbers of an optional column, ``otherwise`` where empty."""
    if column not in frame:
        return np.full(len(frame), otherwise, dtype=np.int64)
    numbers: Int64Array = frame[column].fillna(otherwise).to_numpy(dtype=np.int64)
    return numbers

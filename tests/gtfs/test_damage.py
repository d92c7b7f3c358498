"""Random damage to a feed is either read or refused, nothing else."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtfs.errors import FeedError
from gtfs.feed import read_feed

FIELDS = [
    "",
    "x",
    "-1",
    "0",
    "1.5",
    "99999999999",
    "25:61:00",
    "NaN",
    '"',
    '"a,b"',
    "ü",
    "bf",
    "wk",
]


@given(data=st.data())
def test_a_damaged_feed_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    write_zip: Callable[[Path, Mapping[str, str | bytes]], Path],
    village_tables: Mapping[str, str],
    data: st.DataObject,
) -> None:
    """Fields replaced, lines lost, doubled or cut short: a timetable that keeps its laws, or a FeedError."""
    tables = dict(village_tables)
    tables["frequencies.txt"] = (
        "trip_id,start_time,end_time,headway_secs\nbus1,8:00:00,10:00:00,3600\n"
    )
    tables["transfers.txt"] = (
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_trip_id,to_trip_id\n"
        "bf,bf,2,120,,\nki,mu,3,,,\nki,ki,2,60,bus1,bus2\n,,4,,bus1,bus2\n"
    )
    tables["pathways.txt"] = (
        "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length\nw,bf1,bf2,1,1,30\n"
    )
    tables["booking_rules.txt"] = "booking_rule_id,booking_type,prior_notice_duration_min\nb,1,60\n"
    tables["location_groups.txt"] = "location_group_id,location_id\ng,ki\n"
    tables["trips.txt"] = "\n".join(
        f"{line},{block}"
        for line, block in zip(
            tables["trips.txt"].splitlines(), ("block_id", "1", "1", "1"), strict=True
        )
    )
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(sorted(tables)))
        lines = tables[name].splitlines()
        if not lines:
            continue
        row = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["field", "drop", "double", "cut"])):
            case "field":
                fields = lines[row].split(",")
                column = data.draw(st.integers(0, len(fields) - 1))
                fields[column] = data.draw(st.sampled_from(FIELDS))
                lines[row] = ",".join(fields)
            case "drop":
                del lines[row]
            case "double":
                lines.insert(row, lines[row])
            case "cut":
                lines = [*lines[:row], lines[row][: data.draw(st.integers(0, 20))]]
        tables[name] = "\n".join(lines)
    with suppress(FeedError):
        read_feed(write_zip(tmp_path_factory.mktemp("feed"), tables))


@given(data=st.data())
def test_a_damaged_zip_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    write_zip: Callable[[Path, Mapping[str, str | bytes]], Path],
    village_tables: Mapping[str, str],
    data: st.DataObject,
) -> None:
    """A few bytes of the archive changed: FeedError or a timetable, no other exception."""
    archive = write_zip(tmp_path_factory.mktemp("feed"), village_tables)
    content = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    archive.write_bytes(content)
    with suppress(FeedError):
        read_feed(archive)

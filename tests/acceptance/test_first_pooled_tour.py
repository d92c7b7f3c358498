"""Six bookings share at most two tours, every promise is kept, and the seventh is refused with a reason."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from math import hypot
from pathlib import Path
from typing import Any

import pytest

from regions.build import Sources, build_region
from regions.region import open_region

HERE = Path(__file__).parent
Aboard = Callable[[dict[str, Any]], int]


@pytest.mark.data
def test_liechtenstein(data_dir: Path, tmp_path: Path, open_desk: Any, most_aboard: Aboard) -> None:
    region = build_region(
        Sources(
            data_dir / "osm/liechtenstein-2026-03-29.osm.pbf",
            (data_dir / "gtfs/liechtenstein-SYNTHETIC-TIMES-from-osm.gtfs.zip",),
            (HERE / "liechtenstein.toml",),
        ),
        tmp_path / "region",
    )
    assert region.timetable is not None
    with open_desk(region.path, "oberland", "2026-03-30T18:00:00+02:00", "2026-03-31") as desk:
        desk.book("Landstrasse 91, Triesenberg", "Städtle 23, Vaduz", "09:00")
        desk.book("Gruabastrasse 10, Triesenberg", "Austrasse 70, Vaduz", "09:00", seat=1, walker=1)
        desk.book("Landstrasse 41, Triesenberg", "Neugasse 16, Vaduz", "09:00")
        desk.book("Gnetsch 38, Balzers", "Austrasse 15, Vaduz", "-11:00", wheelchair=1)
        desk.book("Palduinstrasse 63, Balzers", "Städtle 23, Vaduz", "-11:00")
        desk.book("Schimmelgasse 12, Vaduz", "Mariahilf 36, Balzers", "11:30", seat=2)
        tours = desk.tours()
        assert len(tours) <= 2
        assert max(most_aboard(tour) for tour in tours) >= 2
        desk.checker_is_silent()

        seventh = desk.ask("Kleinsteg 72, Triesenberg", "Gnetsch 38, Balzers", "-09:30", seat=8)
        assert seventh["offers"] == []
        assert seventh["refusal"]["rule"] == "vehicles_busy"
        assert seventh["refusal"]["reason_de"].endswith(".")
        assert seventh["refusal"]["alternatives"]
        desk.promises_are_kept()


@pytest.mark.data
def test_upper_franconia(
    data_dir: Path, tmp_path: Path, open_desk: Any, most_aboard: Aboard
) -> None:
    region = build_region(
        Sources(data_dir / "osm/north-bayreuth-2014.osm.gz", (), (HERE / "north-bayreuth.toml",)),
        tmp_path / "region",
    )
    with open_desk(region.path, "rotmaintal", "2026-03-30T18:00:00+02:00", "2026-03-31") as desk:
        desk.book("Altdrossenfeld 8", "Hauptstraße 11, Bindlach", "09:00")
        desk.book("Unterkonnersreuth 24", "Am Rain 15, Bindlach", "09:00")
        desk.book("Theta 21", "Hauptstraße 11, Bindlach", "09:00", seat=1, walker=1)
        desk.book("Obergräfenthal 14", "Am Rain 15, Bindlach", "-11:30")
        desk.book("Haselhof 10", "Hauptstraße 11, Bindlach", "-11:30", wheelchair=1)
        desk.book("Hauptstraße 11, Bindlach", "Altdrossenfeld 8", "12:00")
        tours = desk.tours()
        assert len(tours) <= 2
        assert max(most_aboard(tour) for tour in tours) >= 2
        desk.checker_is_silent()
        seventh = desk.ask("Altdrossenfeld 8", "Stöckigstraße 2, Bindlach", "-09:30", seat=8)
        assert seventh["offers"] == []
        assert seventh["refusal"]["rule"] == "vehicles_busy"


def test_generated_region(sample_region: Path, open_desk: Any, most_aboard: Aboard) -> None:
    """The same where nothing but the program itself is needed: houses far out, and houses in the town."""
    region = open_region(sample_region)
    area = next(iter(region.areas.values()))
    depot = area.shifts[0].start
    far = max(area.stops, key=lambda stop: hypot(stop.lon - depot.lon, stop.lat - depot.lat))
    out, town = (_houses_near(sample_region, spot.lon, spot.lat) for spot in (far, depot))
    with open_desk(sample_region, area.id, "2026-03-30T18:00:00+02:00", "2026-03-31") as desk:
        desk.book(out[0], town[0], "09:00")
        desk.book(out[1], town[1], "09:00", seat=1, walker=1)
        desk.book(out[2], town[2], "09:00", seat=2)
        desk.book(town[0], out[0], "-11:30")
        desk.book(town[1], out[1], "-11:30", seat=1, walker=1)
        desk.book(town[2], out[2], "-11:30", seat=2)
        tours = desk.tours()
        assert len(tours) <= 2
        assert max(most_aboard(tour) for tour in tours) == 3
        desk.checker_is_silent()
        seventh = desk.ask(out[0], town[0], "09:00", wheelchair=2)
        assert seventh["offers"] == []
        assert seventh["refusal"]["rule"] == "room"


def _houses_near(region: Path, lon: float, lat: float) -> list[str]:
    """Labels of the three nearest houses that are unmistakable."""
    with closing(sqlite3.connect(region / "addresses.sqlite")) as database:
        rows = database.execute(
            "SELECT label FROM number GROUP BY label HAVING count(*) = 1 "
            "ORDER BY (avg(lon) - ?) * (avg(lon) - ?) + (avg(lat) - ?) * (avg(lat) - ?) LIMIT 3",
            (lon, lon, lat, lat),
        ).fetchall()
    return [str(row[0]) for row in rows]

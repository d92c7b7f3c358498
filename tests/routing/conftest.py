"""Small towns drawn in the test that uses them, and road graphs made of plain numbers."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from xml.sax.saxutils import quoteattr

import numpy as np
import pytest

from routing.build.roads import build_roads
from routing.graph import RoadGraph
from routing.profile import load_profile
from routing.snap import Position, Snapper
from routing.travel_times import TravelTimes

METRE = 1 / 111_195.08  # degrees on the equator, where the towns of the tests lie

Sketch = Callable[..., Path]


@pytest.fixture
def draw(tmp_path: Path) -> Sketch:
    """Write an .osm file from a sketch.

    `points` is "A 0 0, B 100 0" (name, metres east, metres north) with optional tags "C 100 50 barrier=bollard"; each
    way is "A B C | highway=residential oneway=yes" and gets the ids 1, 2, ...; each restriction is
    "no_left_turn 1 B 2" (kind, from way, via point, to way) with optional further tags; via ways are "3+4".
    """

    def tags(words: Sequence[str]) -> str:
        pairs = (word.split("=", 1) for word in words)
        return "".join(
            f"<tag k={quoteattr(k)} v={quoteattr(v.replace('_', ' ') if k == 'name' else v)}/>"
            for k, v in pairs
        )

    def write(
        points: str, ways: Sequence[str], restrictions: Sequence[str] = (), *, absent: str = ""
    ) -> Path:
        ids, lines = {}, ['<osm version="0.6">']
        for number, point in enumerate(points.split(","), start=1):
            name, east, north, *words = point.split()
            ids[name] = number
            if name not in absent.split():
                lines.append(
                    f'<node id="{number}" lon="{float(east) * METRE:.7f}" '
                    f'lat="{float(north) * METRE:.7f}">{tags(words)}</node>'
                )
        for number, way in enumerate(ways, start=1):
            names, _, words = way.partition("|")
            refs = "".join(f'<nd ref="{ids[name]}"/>' for name in names.split())
            lines.append(f'<way id="{number}">{refs}{tags(words.split())}</way>')
        for number, restriction in enumerate(restrictions, start=1):
            kind, origin, via, target, *words = restriction.split()
            ways_between = [("way", way) for way in via.split("+")]
            vias = [("node", str(ids[via]))] if via in ids else ways_between
            words += ["type=restriction"] + ([f"restriction={kind}"] if kind != "-" else [])
            lines.append(
                f'<relation id="{number}"><member type="way" ref="{origin}" role="from"/>'
                + "".join(
                    f'<member type="{member}" ref="{ref}" role="via"/>' for member, ref in vias
                )
                + f'<member type="way" ref="{target}" role="to"/>{tags(words)}</relation>'
            )
        path = tmp_path / "town.osm"
        path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
        return path

    return write


class Town:
    """A built town in which places are given in metres."""

    def __init__(self, path: Path) -> None:
        self.graph, self.report = build_roads(path, load_profile())
        self.snapper = Snapper(self.graph)
        self.times = TravelTimes(self.graph)

    def at(self, east: float, north: float, within_m: float = 5.0) -> Position:
        return self.snapper.snap(east * METRE, north * METRE, within_m)

    def metres(self, origin: tuple[float, float], destination: tuple[float, float]) -> int:
        pair = self.times.add_many([self.at(*origin), self.at(*destination)])
        return int(self.times.metres[pair[0], pair[1]])

    def route(
        self, origin: tuple[float, float], destination: tuple[float, float]
    ) -> list[tuple[int, int]]:
        """Points of the path in whole metres."""
        pair = self.times.add_many([self.at(*origin), self.at(*destination)])
        geometry = self.times.path(pair[0], pair[1]).geometry
        return [(round(lon / METRE), round(lat / METRE)) for lon, lat in geometry]


@pytest.fixture
def town(draw: Sketch) -> Callable[..., Town]:
    """Draw a town and build it."""
    return lambda *args, **options: Town(draw(*args, **options))


def _graph(
    nodes: Sequence[tuple[float, float]], roads: Sequence[tuple[int, int, int, int, int]]
) -> RoadGraph:
    """Make a graph of straight roads (from, to, ms, ms back or -1, mm), not necessarily connected."""
    rows = []
    for way, (a, b, along, back, length) in enumerate(roads, start=1):
        rows.append(SimpleNamespace(tail=a, head=b, ms=along, mm=length, way=way))
        if back >= 0:
            rows.append(SimpleNamespace(tail=b, head=a, ms=back, mm=length, way=way))
    rows.sort(key=lambda row: row.tail)
    twin = [
        next((j for j, other in enumerate(rows) if other.way == row.way and j != i), -1)
        for i, row in enumerate(rows)
    ]

    def ints(values: Sequence[int]) -> np.ndarray:
        return np.array(values, dtype=np.int32)

    tails = ints([row.tail for row in rows])
    place = np.array(nodes, dtype=np.float64)
    ends = np.array([(row.tail, row.head) for row in rows], dtype=np.int64).reshape(-1)
    return RoadGraph(
        node_lon=place[:, 0],
        node_lat=place[:, 1],
        first_out=np.searchsorted(tails, np.arange(len(nodes) + 1)).astype(np.int32),
        tail=tails,
        head=ints([row.head for row in rows]),
        time_ms=ints([row.ms for row in rows]),
        length_mm=ints([row.mm for row in rows]),
        twin=ints(twin),
        copy_of=ints([-1] * len(rows)),
        way_id=np.array([row.way for row in rows], dtype=np.int64),
        name=ints([0] * len(rows)),
        ref=ints([0] * len(rows)),
        road_class=np.zeros(len(rows), dtype=np.int8),
        flags=np.zeros(len(rows), dtype=np.uint8),
        shape_first=np.arange(0, 2 * len(rows) + 1, 2, dtype=np.int64),
        shape_lon=place[ends, 0],
        shape_lat=place[ends, 1],
        names=("",),
    )


@pytest.fixture(scope="session")
def make_graph() -> Callable[..., RoadGraph]:
    """Return the maker of graphs from plain numbers."""
    return _graph

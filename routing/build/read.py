"""One pass through an OSM extract: roads, what stands on them and turn restrictions as plain arrays."""

from array import array
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium

from routing.build.osm import reading
from routing.build.points import PointCollector, ids
from routing.build.raw import DEGREE, UNDEFINED, RawRoads, neighbours
from routing.build.settlement import inside_settlements, mostly
from routing.build.tags import TagReader, WayUse
from routing.build.tags.ferries import crossing_speed
from routing.build.turns.restrictions import Restriction, read_restriction
from routing.geometry import lengths_m
from routing.graph import FERRY, URBAN
from routing.profile import Profile
from routing.profile.tables import NODE_KEYS


def read_roads(path: Path, profile: Profile) -> RawRoads:
    """Read the roads of the extract at `path`; raise `ExtractError` if it cannot be read."""
    collector = _Collector(TagReader(profile))
    with reading(path):
        for entity in _entities(path):
            if isinstance(entity, osmium.osm.Way):
                collector.way(entity)
            elif isinstance(entity, osmium.osm.Node):
                collector.node(entity)
            elif isinstance(entity, osmium.osm.Relation):
                collector.relation(entity)
        collector.locate_missing(path)
    return collector.roads()


def _entities(path: Path) -> osmium.FileProcessor:
    """Stream only what matters, filtered before it reaches Python."""
    ways = osmium.filter.KeyFilter("highway", "route")
    ways.enable_for(osmium.osm.WAY)
    nodes = osmium.filter.KeyFilter(*NODE_KEYS)  # nothing broader: each node costs a call
    nodes.enable_for(osmium.osm.NODE)
    relations = osmium.filter.TagFilter(("type", "restriction"))
    relations.enable_for(osmium.osm.RELATION)
    processor = osmium.FileProcessor(path).with_locations()
    return processor.with_filter(ways).with_filter(nodes).with_filter(relations)


class _Collector:
    """Growing columns of `RawRoads`."""

    def __init__(self, tags: TagReader) -> None:
        self.tags = tags
        self.way_ids = array("q")
        self.way_names = array("i")
        self.way_refs = array("i")
        self.uses: list[WayUse] = []
        self.first = array("q", [0])
        self.refs = array("q")
        self.xs = array("i")
        self.ys = array("i")
        self.names = {"": 0}
        self.points = PointCollector(tags)
        self.restrictions: list[Restriction] = []

    def way(self, way: osmium.osm.Way) -> None:
        tags = dict(way.tags)
        use = self.tags.way(tags)
        if use is None or not use.matters:
            return
        self.uses.append(use)
        self.way_ids.append(way.id)
        name, number = tags.get("name", ""), tags.get("ref", "")
        self.way_names.append(self._named(name or number))
        self.way_refs.append(self._named(number if name else ""))
        # pyosmium hands out node references one by one only (about 1 µs each); from here on all is arrays.
        for node in way.nodes:
            location = node.location
            self.refs.append(node.ref)
            self.xs.append(location.x)
            self.ys.append(location.y)
        self.first.append(len(self.refs))

    def _named(self, text: str) -> int:
        return self.names.setdefault(text, len(self.names))

    def node(self, node: osmium.osm.Node) -> None:
        self.points.add(node.id, dict(node.tags), node.location.lon, node.location.lat)

    def relation(self, relation: osmium.osm.Relation) -> None:
        members = [(member.type, member.ref, member.role) for member in relation.members]
        restriction = read_restriction(dict(relation.tags), members, self.tags)
        if restriction:
            self.restrictions.append(restriction)

    def locate_missing(self, path: Path) -> None:
        """Look once more for nodes that stand behind their ways or have negative ids (unsorted files)."""
        missing = np.flatnonzero(np.asarray(self.xs) == UNDEFINED)
        if not len(missing):
            return
        ids = np.unique(np.asarray(self.refs)[missing])
        nodes = osmium.FileProcessor(path, osmium.osm.NODE)
        if ids[0] > 0:  # pyosmium's filter and location store know positive ids only
            nodes = nodes.with_filter(osmium.filter.IdFilter(ids.tolist()))
        wanted = set(ids.tolist())
        found = {
            node.id: node.location
            for node in nodes
            if isinstance(node, osmium.osm.Node) and node.id in wanted
        }
        for index in missing.tolist() if found else ():
            location = found.get(self.refs[index])
            if location is not None:
                self.xs[index], self.ys[index] = location.x, location.y

    def roads(self) -> RawRoads:
        use = np.array(self.uses, dtype=np.float64).reshape(-1, len(WayUse._fields))
        column = dict(zip(WayUse._fields, use.T, strict=True))
        first = np.asarray(self.first, dtype=np.int64)
        ref = np.asarray(self.refs, dtype=np.int64)
        x, y = np.asarray(self.xs, dtype=np.int32), np.asarray(self.ys, dtype=np.int32)
        located = x != UNDEFINED
        pieces = neighbours(first, ref, located)
        inside = np.zeros_like(located)
        inside[pieces[0]] = _survey(column, pieces, x / DEGREE, y / DEGREE, self.tags)
        return RawRoads(
            way_id=np.asarray(self.way_ids, dtype=np.int64),
            name=np.asarray(self.way_names, dtype=np.int32),
            ref_name=np.asarray(self.way_refs, dtype=np.int32),
            road_class=column["road_class"].astype(np.int8),
            flags=column["flags"].astype(np.uint8),
            first=first,
            along=column["along"],
            against=column["against"],
            along_inside=column["along_inside"],
            against_inside=column["against_inside"],
            car_along=column["car_along"] > 0,
            car_against=column["car_against"] > 0,
            ref=ref,
            x=x,
            y=y,
            located=located,
            inside=inside,
            names=tuple(self.names),
            closed_nodes=ids(self.points.closed),
            signals=ids(self.points.signals),
            turning=ids(self.points.turning),
            delays=self.points.delays(),
            restrictions=tuple(self.restrictions),
            ignored=self.tags.ignored,
        )


def _survey(
    column: dict[str, npt.NDArray[np.float64]],
    pieces: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
    reader: TagReader,
) -> npt.NDArray[np.bool_]:
    """Set what needs lengths, the speeds of ferries and the flag `URBAN`; tell which pieces are settled."""
    position, way = pieces
    ends = np.stack([position, position + 1])
    lon, lat = lon[ends], lat[ends]
    metres = lengths_m(lon[0], lat[0], lon[1], lat[1])
    ways = len(column["flags"])
    length = np.bincount(way, weights=metres, minlength=ways)
    ferry = column["flags"] == FERRY
    for name in ("along", "against", "along_inside", "against_inside"):
        column[name][ferry] = crossing_speed(
            column[name][ferry], length[ferry], column["duration_s"][ferry], reader.profile
        )
    settled = inside_settlements(
        lon,
        lat,
        metres,
        column["road_class"][way].astype(np.int64),
        column["settled"][way].astype(np.int64),
    )
    column["flags"] += np.where(mostly(settled, metres, way, ways), URBAN, 0)
    return settled

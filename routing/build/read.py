"""One pass through an OSM extract: roads, barriers and turn restrictions as plain arrays."""

from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium

from routing.build.osm import reading
from routing.build.restrictions import Restriction, read_restriction
from routing.build.tags import TagReader, WayUse
from routing.profile import Profile

DEGREE = 1e7
"""OSM coordinates are integers of 1e-7 degrees."""

_UNDEFINED = osmium.osm.Location().x


@dataclass(frozen=True, slots=True, eq=False)
class RawRoads:
    """The roads of an extract as they stand in the file; `w` ways with `r` node references together.

    Attributes
    ----------
    way_id, name
        int64[w] OSM ids, int32[w] index into `names`.
    first
        int64[w + 1], references of way i are `first[i]:first[i + 1]`.
    along, against
        float64[w], km/h of the vehicle in either direction, 0 where it must not go.
    car_along, car_against
        bool[w], counted as a road for cars, before access rules for this vehicle.
    ref, x, y
        int64[r] node ids, int32[r] longitude and latitude in 1e-7 degrees.
    located
        bool[r], False where the extract does not hold the node.
    closed_nodes
        int64[], nodes with a barrier that stops the vehicle.
    restrictions
        Turn restrictions via a node that bind the vehicle.
    ignored
        How often something was left out of account, by a phrase that names it.
    """

    way_id: npt.NDArray[np.int64]
    name: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]
    along: npt.NDArray[np.float64]
    against: npt.NDArray[np.float64]
    car_along: npt.NDArray[np.bool_]
    car_against: npt.NDArray[np.bool_]
    ref: npt.NDArray[np.int64]
    x: npt.NDArray[np.int32]
    y: npt.NDArray[np.int32]
    located: npt.NDArray[np.bool_]
    names: tuple[str, ...]
    closed_nodes: npt.NDArray[np.int64]
    restrictions: tuple[Restriction, ...]
    ignored: Counter[str]


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
    ways = osmium.filter.KeyFilter("highway")
    ways.enable_for(osmium.osm.WAY)
    nodes = osmium.filter.KeyFilter("barrier")
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
        self.uses: list[WayUse] = []
        self.first = array("q", [0])
        self.refs = array("q")
        self.xs = array("i")
        self.ys = array("i")
        self.names = {"": 0}
        self.closed: list[int] = []
        self.restrictions: list[Restriction] = []

    def way(self, way: osmium.osm.Way) -> None:
        tags = dict(way.tags)
        use = self.tags.way(tags)
        if use is None or not any(use):
            return
        self.uses.append(use)
        self.way_ids.append(way.id)
        name = tags.get("name") or tags.get("ref", "")
        self.way_names.append(self.names.setdefault(name, len(self.names)))
        # pyosmium hands out node references one by one only (about 1 µs each); from here on all is arrays.
        for node in way.nodes:
            location = node.location
            self.refs.append(node.ref)
            self.xs.append(location.x)
            self.ys.append(location.y)
        self.first.append(len(self.refs))

    def node(self, node: osmium.osm.Node) -> None:
        if self.tags.barrier_closed(dict(node.tags)):
            self.closed.append(node.id)

    def relation(self, relation: osmium.osm.Relation) -> None:
        members = [(member.type, member.ref, member.role) for member in relation.members]
        restriction = read_restriction(dict(relation.tags), members, self.tags)
        if restriction:
            self.restrictions.append(restriction)

    def locate_missing(self, path: Path) -> None:
        """Look once more for nodes that stand behind their ways or have negative ids (unsorted files)."""
        missing = np.flatnonzero(np.asarray(self.xs) == _UNDEFINED)
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
        x = np.asarray(self.xs, dtype=np.int32)
        return RawRoads(
            way_id=np.asarray(self.way_ids, dtype=np.int64),
            name=np.asarray(self.way_names, dtype=np.int32),
            first=np.asarray(self.first, dtype=np.int64),
            along=use[:, 0],
            against=use[:, 1],
            car_along=use[:, 2] > 0,
            car_against=use[:, 3] > 0,
            ref=np.asarray(self.refs, dtype=np.int64),
            x=x,
            y=np.asarray(self.ys, dtype=np.int32),
            located=x != _UNDEFINED,
            names=tuple(self.names),
            closed_nodes=np.array(self.closed, dtype=np.int64),
            restrictions=tuple(self.restrictions),
            ignored=self.tags.ignored,
        )

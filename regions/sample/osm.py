"""An OSM document in memory, and its .osm.pbf: the same document always gives the same bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import osmium
import shapely
from osmium.osm import mutable

from regions.sample.plan import Globe, IntArray, Points, Tags

_BARE: Tags = {}


class Way(NamedTuple):
    """Node ids and tags."""

    nodes: list[int]
    tags: Tags


class Relation(NamedTuple):
    """Members as (type "n" or "w", id, role), and tags."""

    members: list[tuple[str, int, str]]
    tags: Tags


@dataclass(slots=True)
class Document:
    """Nodes, ways and relations; ids count from 1 in each of the three, in the order of adding."""

    globe: Globe
    places: list[IntArray] = field(default_factory=list)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    node_count: int = 0

    def add_nodes(self, e7: IntArray) -> int:
        """Add nodes by degrees x 10^7, shape (n, 2); returns the id of the first."""
        self.places.append(e7)
        first = self.node_count + 1
        self.node_count += len(e7)
        return first

    def add_spot(self, x: float, y: float, tags: Tags) -> int:
        """Add a tagged node at metres; returns its id."""
        node = self.add_nodes(self.globe.to_e7(np.array([[x, y]])))
        self.node_tags[node] = tags
        return node

    def add_way(self, nodes: Sequence[int], tags: Tags) -> int:
        """Add a way; returns its id."""
        self.ways.append(Way(list(nodes), tags))
        return len(self.ways)

    def add_course(self, points: Points, tags: Tags) -> int:
        """Add a way with nodes of its own; returns its id."""
        first = self.add_nodes(self.globe.to_e7(points))
        return self.add_way(range(first, first + len(points)), tags)

    def add_relation(self, members: list[tuple[str, int, str]], tags: Tags) -> int:
        """Add a relation; returns its id."""
        self.relations.append(Relation(members, tags))
        return len(self.relations)

    def add_area(self, polygon: shapely.Polygon, tags: Tags) -> None:
        """Add a polygon: a closed way, or a multipolygon relation if it has holes."""
        outer = self._ring(polygon.exterior, _BARE if polygon.interiors else tags)
        if polygon.interiors:
            holes = [("w", self._ring(ring, _BARE), "inner") for ring in polygon.interiors]
            self.add_relation([("w", outer, "outer"), *holes], {"type": "multipolygon"} | tags)

    def _ring(self, ring: shapely.LinearRing, tags: Tags) -> int:
        points = shapely.get_coordinates(ring)[:-1]
        first = self.add_nodes(self.globe.to_e7(points))
        return self.add_way([*range(first, first + len(points)), first], tags)

    def write(self, path: Path) -> None:
        """Write the document, sorted by type and id, with a header that says it is invented."""
        header = osmium.io.Header()
        header.set("generator", "buergerbus region sample (erfunden / invented)")
        degrees = (np.concatenate(self.places) / 1e7).tolist()
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            for node, place in enumerate(degrees, start=1):
                tags = self.node_tags.get(node, _BARE)
                writer.add_node(mutable.Node(id=node, location=tuple(place), tags=tags))
            for number, way in enumerate(self.ways, start=1):
                writer.add_way(mutable.Way(id=number, nodes=way.nodes, tags=way.tags))
            for number, relation in enumerate(self.relations, start=1):
                writer.add_relation(
                    mutable.Relation(id=number, members=relation.members, tags=relation.tags)
                )

"""From an OSM extract to the road graph of a vehicle."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from routing.build.osm import check_extract
from routing.build.read import RawRoads, read_roads
from routing.build.report import BuildReport, Progress
from routing.build.restrictions import split_nodes
from routing.build.segments import Segments, count_roads, make_segments
from routing.build.simplify import Connected, largest_part, make_graph
from routing.errors import ExtractError
from routing.graph import RoadGraph
from routing.profile import Profile

SMALL_SHARE = 0.9
"""Below this share of connected points the extract is probably cut in a bad place: worth a warning."""


def build_roads(
    osm: Path, profile: Profile, progress: Progress | None = None
) -> tuple[RoadGraph, BuildReport]:
    """Build the road graph of the extract `osm` for the vehicle of `profile`.

    Raises
    ------
    ExtractError
        The file cannot be read, or holds no road that the vehicle may use and come back on.
    """
    tell = progress or _silent
    tell("checking the extract")
    check_extract(osm)
    tell("reading roads")
    roads = read_roads(osm, profile)
    tell("cutting roads into segments")
    segments = make_segments(roads)
    if not len(segments.way):
        raise ExtractError(
            "extract-no-usable-road",
            f"{osm} contains no road that the vehicle {profile.name!r} may use: "
            "choose an extract that covers the area.",
        )
    tell("applying turn restrictions")
    arcs, copies, honoured = split_nodes(
        segments.arcs(),
        roads.way_id[segments.way],
        segments.node_id,
        len(segments.lon),
        roads.restrictions,
    )
    original = np.concatenate([np.arange(len(segments.lon), dtype=np.int64), copies])
    tell("finding the connected part")
    connected = largest_part(arcs, len(original))
    tell("joining segments to edges")
    graph = make_graph(roads, segments, arcs, original, connected.inside)
    if not graph.edges:
        raise ExtractError(
            "extract-no-connected-road",
            f"{osm} has no two points that the vehicle {profile.name!r} can drive between both ways: "
            "choose a larger extract.",
        )
    return graph, _report(roads, segments, connected, graph, honoured)


def _report(
    roads: RawRoads, segments: Segments, connected: Connected, graph: RoadGraph, honoured: int
) -> BuildReport:
    """Count what was read, used and left out."""
    raw_nodes, raw_edges = count_roads(roads)
    both = (segments.along_ms >= 0) & (segments.against_ms >= 0)
    share = float(connected.inside[: len(segments.lon)].mean())
    single = graph.twin < np.arange(graph.edges)
    return BuildReport(
        raw_nodes=raw_nodes,
        raw_edges=raw_edges,
        usable_nodes=len(segments.node_id),
        usable_edges=len(segments.way) + int(both.sum()),
        connected_share=share,
        islands=connected.islands,
        nodes=graph.nodes,
        edges=graph.edges,
        road_km=round(float(graph.length_mm[single].sum(dtype=np.int64)) / 1e6, 3),
        dangling_segments=segments.dangling,
        barriers=segments.barriers,
        restrictions=honoured,
        warnings=_warnings(roads.ignored, segments.dangling, share),
    )


def _warnings(ignored: Mapping[str, int], dangling: int, share: float) -> tuple[str, ...]:
    """Say in sentences what a person should know."""
    warnings = [f"{count} {what} are ignored." for what, count in sorted(ignored.items())]
    if dangling:
        warnings.append(
            f"The extract is clipped: {dangling} road segments name points that it does not hold."
        )
    if share < SMALL_SHARE:
        warnings.append(
            f"Only {share:.0%} of the road points can reach each other: the extract may be too small."
        )
    return tuple(warnings)


def _silent(_step: str) -> None:
    """Report progress to nobody."""

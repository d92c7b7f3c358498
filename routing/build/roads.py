"""From an OSM extract to the road graph of a vehicle."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from routing.build.assemble import edge_lengths, edge_times, make_graph
from routing.build.osm import check_extract
from routing.build.raw import RawRoads
from routing.build.read import read_roads
from routing.build.report import BuildReport, Progress
from routing.build.segments import Segments, count_roads, make_segments
from routing.build.simplify import Connected, Edges, join_segments, largest_part
from routing.build.turns.costs import turn_costs
from routing.build.turns.expand import Lanes, make_lanes
from routing.build.turns.refused import Refused, refused_turns
from routing.build.turns.table import all_turns, keep_reachable
from routing.errors import ExtractError
from routing.graph import RoadGraph
from routing.kernels import LENGTH_BITS
from routing.profile import Profile

LONGEST_M, LONGEST_S = 1_000_000, 86_400
"""No road between two junctions is that long or takes a whole day: a coordinate or a duration is wrong."""

SMALL_SHARE = 0.9
"""Below this share of connected points the extract is probably cut in a bad place: worth a warning."""


def build_roads(
    osm: Path, profile: Profile, progress: Progress | None = None
) -> tuple[RoadGraph, BuildReport]:
    """Build the road graph of the extract `osm` for the vehicle of `profile`.

    Raises
    ------
    ExtractError
        The file cannot be read, holds no road that the vehicle may use and come back on, or one of absurd
        length.
    """
    tell = progress or _silent
    tell("checking the extract")
    check_extract(osm)
    tell("reading roads")
    roads = read_roads(osm, profile)
    tell("cutting roads into segments")
    segments = make_segments(roads, profile.delays)
    if not len(segments.way):
        raise ExtractError(
            "extract-no-usable-road",
            f"{osm} contains no road that the vehicle {profile.name!r} may use: "
            "choose an extract that covers the area.",
        )
    tell("finding the connected part")
    connected = largest_part(segments)
    tell("joining segments to edges")
    edges = join_segments(segments, connected.inside, _junctions(roads, segments))
    if not len(edges.tail):
        raise ExtractError(
            "extract-no-connected-road",
            f"{osm} has no two points that the vehicle {profile.name!r} can drive between both ways: "
            "choose a larger extract.",
        )
    tell("applying turn restrictions")
    way_id = roads.way_id[segments.way[edges.first]]
    _refuse_absurd(osm, segments, edges, way_id)
    refused = refused_turns(roads.restrictions, edges, way_id, segments.node_id)
    lanes = _lanes(roads, segments, edges, refused, profile)
    graph = make_graph(roads, segments, edges, lanes)
    return graph, _report(roads, segments, connected, graph, refused, lanes)


def _junctions(roads: RawRoads, segments: Segments) -> npt.NDArray[np.bool_]:
    """Return bool[points], where an edge ends even if the road just goes on: one may have to turn there."""
    vias = np.array([restriction.via for restriction in roads.restrictions], dtype=np.int64)
    marked = np.zeros(len(segments.lon), dtype=np.bool_)
    marked[: len(segments.node_id)] = np.isin(segments.node_id, np.append(vias, roads.turning))
    return marked


def _refuse_absurd(
    osm: Path, segments: Segments, edges: Edges, way_id: npt.NDArray[np.int64]
) -> None:
    """Raise `ExtractError` for an edge whose time or length would not fit into the graph's numbers."""
    ms, mm = edge_times(segments, edges), edge_lengths(segments, edges)
    absurd = np.flatnonzero((mm > LONGEST_M * 1000) | (ms > LONGEST_S * 1000))
    if len(absurd):
        edge = absurd[0]
        raise ExtractError(
            "extract-absurd-road",
            f"{osm}: way {way_id[edge]} would be {mm[edge] / 1e6:.0f} km long and take "
            f"{ms[edge] / 3.6e6:.0f} h: put its points, its limit or its duration right.",
        )


def _lanes(
    roads: RawRoads, segments: Segments, edges: Edges, refused: Refused, profile: Profile
) -> Lanes:
    """Make what is refused and what turning costs part of the graph."""
    points = len(segments.lon)
    turning = np.zeros(points, dtype=np.bool_)
    turning[: len(segments.node_id)] = np.isin(segments.node_id, roads.turning)
    turns, reach = keep_reachable(all_turns(edges, refused, turning), edges.road)
    costs = turn_costs(turns, edges, segments, roads, profile.turns)
    turns.ms[:] = np.where(turns.ms == 0, costs, turns.ms)
    times, lengths = edge_times(segments, edges), edge_lengths(segments, edges)
    weight = (times << LENGTH_BITS) + lengths
    return make_lanes(turns, reach, edges, weight[turns.edge], points)


def _report(
    roads: RawRoads,
    segments: Segments,
    connected: Connected,
    graph: RoadGraph,
    refused: Refused,
    lanes: Lanes,
) -> BuildReport:
    """Count what was read, used and left out."""
    raw_nodes, raw_edges = count_roads(roads)
    both = (segments.along_ms >= 0) & (segments.against_ms >= 0)
    share = float(connected.inside[: len(segments.lon)].mean())
    single = (graph.twin < np.arange(graph.edges)) & (graph.copy_of < 0)
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
        restrictions=refused.via_nodes + refused.via_ways,
        via_way_restrictions=refused.via_ways,
        refused_u_turns=lanes.u_turns,
        costly_turns=lanes.costly,
        split_nodes=lanes.split,
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

"""What a build tells about itself."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[str], None]
"""Called with a short English text for what is being done now."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Counts and warnings of one road build.

    Attributes
    ----------
    raw_nodes, raw_edges
        Roads for cars in the extract, service roads included, before access rules for this vehicle: distinct
        points and distinct directed pairs of neighbouring points.
    usable_nodes, usable_edges
        The same for what this vehicle may use.
    connected_share
        Share of the usable points in the largest part in which everything reaches everything.
    islands
        Separate pieces of usable road that no road joins to that part.
    nodes, edges
        The finished graph, parts of split nodes and connectors included.
    road_km
        Length of the roads of the finished graph, both directions counted once.
    dangling_segments
        Road segments that name a node which the extract does not hold (it was clipped there).
    barriers
        Closed barriers on usable roads.
    restrictions, via_way_restrictions
        Turn restrictions that are honoured, and how many of them lead over a way instead of a node.
    refused_u_turns
        U-turns in the road that had to be ruled out because they would be the fastest way round a turn.
    costly_turns
        Turns that cost time, those across oncoming traffic above all.
    split_nodes
        Junctions that consist of several nodes, for not all who arrive may go on alike.
    warnings
        Sentences for the person who builds.
    """

    raw_nodes: int
    raw_edges: int
    usable_nodes: int
    usable_edges: int
    connected_share: float
    islands: int
    nodes: int
    edges: int
    road_km: float
    dangling_segments: int
    barriers: int
    restrictions: int
    via_way_restrictions: int
    refused_u_turns: int
    costly_turns: int
    split_nodes: int
    warnings: tuple[str, ...]

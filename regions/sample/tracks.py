"""Tracks and paths between the parcels: the bus may not drive them."""

import numpy as np
import shapely
from scipy.spatial import cKDTree

from regions.sample.geometry import line, segments, tree
from regions.sample.landscape import Landscape
from regions.sample.parcels import Parcels
from regions.sample.plan import BoolArray, Draft, Line, Points, Tags

_TRACK_SHARE = 0.5
_OFF_M = 15.0
_LINK_M = (30.0, 420.0)
_CORNERS_TRIED = 6
_AHEAD = 0.3
_SAG = 0.06
_KINDS: tuple[tuple[float, Tags], ...] = (
    (0.26, {"highway": "track", "tracktype": "grade1", "motor_vehicle": "agricultural"}),
    (0.38, {"highway": "track", "tracktype": "grade2"}),
    (0.21, {"highway": "track", "tracktype": "grade4"}),
    (0.10, {"highway": "path"}),
    (0.05, {"highway": "footway"}),
)


def lay_tracks(
    parcels: Parcels,
    blocked: list[shapely.Polygon],
    land: Landscape,
    draft: Draft,
    rng: np.random.Generator,
) -> None:
    """Lay tracks and paths along parcel edges, and from the ends of village streets to them."""
    waters = tree(segments(land.waters))
    kept = rng.random(len(parcels.edges)) < _TRACK_SHARE
    kept &= _clear(parcels.edges, waters) & _clear(parcels.edges, shapely.STRtree(blocked))
    edges = [edge for edge, keep in zip(parcels.edges, kept, strict=True) if keep]
    courses = [*edges, *_links(edges, draft, waters)]
    shares = [share for share, _ in _KINDS]
    for course, kind in zip(courses, rng.choice(len(_KINDS), len(courses), p=shares), strict=True):
        draft.lines.append(Line(course, dict(_KINDS[int(kind)][1])))


def _clear(edges: list[Points], searched: shapely.STRtree) -> BoolArray:
    """Which edges keep off everything in the tree."""
    clear = np.ones(len(edges), dtype=np.bool_)
    found = searched.query([line(edge) for edge in edges], predicate="dwithin", distance=_OFF_M)
    clear[np.unique(found[0])] = False
    return clear


def _links(edges: list[Points], draft: Draft, waters: shapely.STRtree) -> list[Points]:
    """Lead streets that end in the fields on to the nearest corner of a track that lies ahead."""
    if not edges:
        return []
    corners = np.array([edge[i] for edge in edges for i in (0, -1)])
    searched = cKDTree(corners)
    roads = tree(segments([road.points for road in draft.lines]))
    links: list[Points] = []
    taken: set[int] = set()
    for before, end in draft.dead_ends:
        near = searched.query(end, k=min(_CORNERS_TRIED, len(corners)))[1]
        for index in np.atleast_1d(near).tolist():
            link = _link(before, end, corners[index], roads, waters)
            if index not in taken and link is not None:
                links.append(link)
                taken.add(index)
                break
    return links


def _link(
    before: Points, end: Points, corner: Points, roads: shapely.STRtree, waters: shapely.STRtree
) -> Points | None:
    """Course from a street's end to a corner; None if it is not ahead or something lies between."""
    run, forward = corner - end, end - before
    gap = float(np.hypot(*run))
    ahead = float(run @ forward) > _AHEAD * gap * float(np.hypot(*forward))
    if not (_LINK_M[0] < gap < _LINK_M[1] and ahead):
        return None
    course = line(np.array([end + 3.0 * run / gap, corner]))
    if len(roads.query(course, predicate="intersects")) or len(
        waters.query(course, predicate="dwithin", distance=_OFF_M)
    ):
        return None
    return np.array([end, end + 0.5 * run + _SAG * np.array([-run[1], run[0]]), corner])

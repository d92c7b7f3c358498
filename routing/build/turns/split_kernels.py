"""Compiled splitting of nodes: as few parts and connectors as make all turns cost what they should."""

import numpy as np
import numpy.typing as npt
from numba import njit

from routing.build.turns.search_kernels import REFUSED, TURNING_BACK

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]

NEVER = 2**60
"""Cost of what must not be."""

ANY = -1
"""Cost of a U-turn that no fastest walk contains, whatever it costs."""


@njit(cache=True, nogil=True)
def split_nodes(
    nodes: Int64,
    arriving: tuple[Int64, Int64],
    leaving: tuple[Int64, Int64],
    turns: tuple[Int64, Int32],
    parts: int,
) -> tuple[Int64, Int64, Int64, Int64]:
    """Split nodes so that each turn costs what it should.

    Lanes with the same costs arrive at the same part of a node. A lane that leaves departs from one of these
    parts if all others can be led there at the right cost, else from a part of its own.

    Parameters
    ----------
    nodes
        int64[k], nodes to split; each keeps its number for its first part.
    arriving, leaving
        int64[n + 1] and int64[s]: lanes by their head, lanes by their tail.
    turns
        int64[s + 1] first turn out of each lane, int32[t] costs, one for each lane leaving its head.
    parts
        The first number for a new part.

    Returns
    -------
    int64[s] the part of its tail and of its head for each lane (-1: not split), int64[c, 3] connectors (tail,
    head, ms), int64[p] the node that each new part belongs to.
    """
    in_first, in_lane = arriving
    out_first, out_lane = leaving
    first, ms = turns
    tail_part = np.full(out_lane.size, -1, dtype=np.int64)
    head_part = np.full(out_lane.size, -1, dtype=np.int64)
    connectors, part_of = [], []
    connectors.append((0, 0, 0))  # tells the compiler what the lists hold
    part_of.append(0)
    number = parts
    for node in nodes:
        lanes_in = in_lane[in_first[node] : in_first[node + 1]]
        lanes_out = out_lane[out_first[node] : out_first[node + 1]]
        group, costs, rows = _groups(lanes_in, lanes_out.size, first, ms)
        home, links = _homes(costs, rows)
        _prune(links)
        total = links.shape[0]
        label = np.empty(total, dtype=np.int64)
        label[0] = node
        for part in range(1, total):
            label[part] = number
            part_of.append(node)
            number += 1
        for i in range(lanes_in.size):
            head_part[lanes_in[i]] = label[group[i]]
        for c in range(lanes_out.size):
            tail_part[lanes_out[c]] = label[home[c]]
        for i in range(total):
            for j in range(total):
                if i != j and links[i, j] < NEVER:
                    connectors.append((label[i], label[j], links[i, j]))  # noqa: PERF401 - compiled
    found = np.empty((len(connectors) - 1, 3), dtype=np.int64)
    for i in range(1, len(connectors)):
        found[i - 1, 0], found[i - 1, 1], found[i - 1, 2] = connectors[i]
    owners = np.empty(len(part_of) - 1, dtype=np.int64)
    for i in range(1, len(part_of)):
        owners[i - 1] = part_of[i]
    return tail_part, head_part, found, owners


@njit(cache=True, nogil=True)
def _groups(lanes: Int64, columns: int, first: Int64, ms: Int32) -> tuple[Int64, Int64, int]:
    """Put arriving lanes with the same costs together.

    Returns int64[lanes] the group of each lane, int64[lanes, columns] the costs of each group, their number.
    """
    group = np.empty(lanes.size, dtype=np.int64)
    costs = np.empty((lanes.size, columns), dtype=np.int64)
    row = np.empty(columns, dtype=np.int64)
    rows = 0
    for i in range(lanes.size):
        for c in range(columns):
            cost = ms[first[lanes[i]] + c]
            row[c] = NEVER if cost == REFUSED else (ANY if cost == TURNING_BACK else cost)
        chosen = rows
        for r in range(rows):
            if _agree(costs[r], row):
                chosen = r
                break
        if chosen == rows:
            costs[rows] = row
            rows += 1
        else:
            _fill(costs[chosen], row)
        group[i] = chosen
    return group, costs, rows


@njit(cache=True, nogil=True)
def _homes(costs: Int64, rows: int) -> tuple[Int64, Int64]:
    """Choose the part from which each lane departs.

    Parts are the groups of arriving lanes, then those of lanes that depart from a part of their own. Returns
    int64[columns] the part, int64[parts, parts] the cost of the connectors between parts (`NEVER`: none).
    """
    columns = costs.shape[1]
    home = np.empty(columns, dtype=np.int64)
    lead = np.empty((rows, rows), dtype=np.int64)
    for r in range(rows):
        for s in range(rows):
            lead[r, s] = _leading(costs[r], costs[s])
    links = np.full((rows + columns, rows + columns), NEVER, dtype=np.int64)
    own = np.empty((columns, rows), dtype=np.int64)
    owned = 0
    for c in range(columns):
        column = costs[:rows, c].copy()
        best, chosen = 1, -1  # a part of its own: the part and a connector from each group
        for r in range(rows):
            best += ANY < column[r] < NEVER
        for o in range(owned):
            if _agree(own[o], column):
                best, chosen = 0, rows + o
                break
        for h in range(rows):
            if column[h] > 0:
                continue
            more = 0
            for r in range(rows):
                if r == h or column[r] == ANY or column[r] == NEVER:
                    continue
                if lead[r, h] != column[r]:
                    more = NEVER
                    break
                more += links[r, h] == NEVER
            if more < best or (more == best and chosen < 0):
                best, chosen = more, h
        if chosen < 0:
            chosen = rows + owned
            own[owned] = ANY
            owned += 1
        home[c] = chosen
        if chosen >= rows:
            _fill(own[chosen - rows], column)
        for r in range(rows):
            if r != chosen and ANY < column[r] < NEVER:
                links[r, chosen] = column[r]
    total = rows + owned
    return home, links[:total, :total].copy()


@njit(cache=True, nogil=True)
def _leading(costs: Int64, others: Int64) -> int:
    """Return the least cost of a connector to another group by which no turn becomes cheaper than it is."""
    least = 0
    for c in range(costs.size):
        if costs[c] == ANY:
            continue
        if costs[c] == NEVER:
            if others[c] != NEVER:
                return NEVER
        elif others[c] != NEVER:
            least = max(least, costs[c] - max(others[c], 0))
    return least


@njit(cache=True, nogil=True)
def _prune(links: Int64) -> None:
    """Remove connectors that two others replace at no higher cost."""
    size = links.shape[0]
    for i in range(size):
        for j in range(size):
            for k in range(size):
                if k not in (i, j) and links[i, k] + links[k, j] <= links[i, j] < NEVER:
                    links[i, j] = NEVER
                    break


@njit(cache=True, nogil=True)
def _agree(some: Int64, others: Int64) -> bool:
    """Tell whether two rows of costs are equal wherever both say something."""
    for c in range(some.size):
        if some[c] not in (others[c], ANY) and others[c] != ANY:
            return False
    return True


@njit(cache=True, nogil=True)
def _fill(row: Int64, other: Int64) -> None:
    """Take over from `other` what `row` leaves open."""
    for c in range(row.size):
        if row[c] == ANY:
            row[c] = other[c]

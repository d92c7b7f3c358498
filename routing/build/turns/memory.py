"""Copies of edges for those who must remember how they came."""

from collections.abc import Iterator, Sequence

import numpy as np

from routing.build.simplify import Edges
from routing.build.turns.refused import Refused


class Memory:
    """Copies of edges, one for each beginning of a refused sequence (Aho and Corasick 1975).

    Attributes
    ----------
    repeated
        int64[c], the edge that each copy repeats.
    opened, closed
        Lanes that follow each other although the later one is a copy, and that do not although it is an edge.
    """

    def __init__(self, refused: Refused, edges: Edges) -> None:
        self._refused = refused.sequences
        number: dict[tuple[int, ...], int] = {}
        for walk in sorted(refused.sequences):
            for length in range(2, len(walk)):
                number.setdefault(walk[:length], len(edges.tail) + len(number))
        self._number = number
        self.repeated = np.array([walk[-1] for walk in number], dtype=np.int64)
        self.opened: list[tuple[int, int]] = []
        self.closed: list[tuple[int, int]] = []
        starts = {walk[:1]: walk[0] for walk in refused.sequences}
        leaving = _leaving(edges, [walk[-1] for walk in (*starts, *number)])
        for walk, lane in (*starts.items(), *number.items()):
            for edge in leaving[walk[-1]]:
                self._turn(lane, walk, edge)

    def _turn(self, lane: int, walk: tuple[int, ...], edge: int) -> None:
        """Note where `lane`, on which one has just driven `walk`, leads over `edge`."""
        longer = (*walk, edge)
        if any(ending in self._refused for ending in _endings(longer)):
            self.closed.append((lane, edge))
            return
        copy = next((self._number[end] for end in _endings(longer) if end in self._number), None)
        if copy is not None:
            self.closed.append((lane, edge))
            self.opened.append((lane, copy))


def _endings(walk: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the last edges of `walk`, the longest ending first, down to two."""
    return (walk[start:] for start in range(len(walk) - 1))


def _leaving(edges: Edges, arriving: Sequence[int]) -> dict[int, list[int]]:
    """List the edges that leave the heads of the `arriving` ones."""
    heads = edges.head[np.array(arriving, dtype=np.int64)]
    near = np.flatnonzero(np.isin(edges.tail, heads)).tolist()
    at: dict[int, list[int]] = {int(point): [] for point in heads}
    for edge in near:
        at[int(edges.tail[edge])].append(edge)
    return {edge: at[int(edges.head[edge])] for edge in arriving}

"""The labels of a growing set of places."""

import numpy as np

from routing.graph import Int64
from routing.hierarchy.label_kernels import Label, Labels, least_sums
from routing.kernels import INFINITE


class PlaceLabels:
    """Labels in one direction; adding some moves what is there only when it runs out of room.

    Parameters
    ----------
    nodes
        Number of nodes of the road graph.
    """

    def __init__(self, nodes: int) -> None:
        self._first = np.zeros(64, dtype=np.int64)
        self._nodes = np.empty(8192, dtype=np.int32)
        self._keys = np.empty(8192, dtype=np.int64)
        self._arcs = np.empty(8192, dtype=np.int32)
        self._dense = np.full(nodes, INFINITE, dtype=np.int64)
        self._places = 0

    def extend(self, labels: Labels) -> None:
        """Append the labels of some places."""
        first, nodes, keys, arcs = labels
        used, places = int(self._first[self._places]), len(first) - 1
        if self._places + places >= len(self._first):
            self._first = _wider(self._first, self._places + places + 1)
        if used + len(nodes) > len(self._nodes):
            self._nodes = _wider(self._nodes, used + len(nodes))
            self._keys = _wider(self._keys, used + len(nodes))
            self._arcs = _wider(self._arcs, used + len(nodes))
        self._first[self._places + 1 : self._places + 1 + places] = used + first[1:]
        self._nodes[used : used + len(nodes)] = nodes
        self._keys[used : used + len(keys)] = keys
        self._arcs[used : used + len(arcs)] = arcs
        self._places += places

    def least(self, label: Label) -> Int64:
        """Return int64[places], the keys between these and the place of `label` (in the other direction)."""
        labels = self._first, self._nodes, self._keys, self._arcs
        return least_sums(label, labels, self._places, self._dense)

    def label(self, place: int) -> Label:
        """Return the label of one place."""
        return one_label((self._first, self._nodes, self._keys, self._arcs), place)


def one_label(labels: Labels, place: int) -> Label:
    """Return the label of one place out of many."""
    first, nodes, keys, arcs = labels
    entries = slice(*first[place : place + 2].tolist())
    return nodes[entries], keys[entries], arcs[entries]


def _wider(array: np.ndarray, least: int) -> np.ndarray:
    """Return a copy with room for twice as much, at least for `least` entries."""
    wider = np.zeros(max(2 * len(array), least), dtype=array.dtype)
    wider[: len(array)] = array
    return wider

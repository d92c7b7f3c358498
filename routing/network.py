"""Versions of a road network: closures make new ones in the background, and one is current."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from routing.closures import Closure, closed, edges_of
from routing.errors import ClosureError
from routing.search import Search
from routing.snap import Snapper

KEPT = 4
"""Versions that stay available beside the one without closures."""


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One state of the roads: its number (0: nothing closed), how to search in it, and what is closed."""

    number: int
    search: Search
    closures: tuple[Closure, ...]


class Network:
    """The versions of one road network. May be shared by threads; whoever holds a version may go on using it.

    Parameters
    ----------
    search
        The roads as they are without any closure.
    snapper
        Finds the road that a click on the map means.
    """

    def __init__(self, search: Search, snapper: Snapper) -> None:
        self._snapper = snapper
        self._current = Version(0, search, ())
        self._versions = {0: self._current}
        self._changing = Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="roads")

    @property
    def current(self) -> Version:
        """The version in force."""
        return self._current

    def version(self, number: int) -> Version:
        """Return a version; raise `ClosureError` (code ``version-gone``) if it is not kept any more."""
        try:
            return self._versions[number]
        except KeyError:
            raise ClosureError(
                "version-gone",
                f"Version {number} of the roads is not kept any more: ask for a later one.",
            ) from None

    def apply(self, closures: Iterable[Closure], at: datetime) -> Version:
        """Make the version in which those closures hold that are in force at `at`, and make it current.

        Until it is complete the version before stays current; if a closure is wrong nothing changes. The same
        closures once more give the same version.

        Raises
        ------
        ClosureError
            A closure names no road (see `edges_of`), or `at` has no time zone (``closure-period``).
        """
        if at.tzinfo is None:
            raise ClosureError("closure-period", f"Say in which time zone {at} is meant.")
        held = tuple(closure for closure in closures if closure.holds(at))
        with self._changing:
            version = next((v for v in self._versions.values() if v.closures == held), None)
            if version is None:
                version = Version(max(self._versions) + 1, self._search_with(held), held)
            # In the order of their use: what was current a moment ago goes last, whatever its number.
            used = [number for number in self._versions if number not in (0, version.number)]
            versions = {number: self._versions[number] for number in (0, *used[1 - KEPT :])}
            self._versions = {**versions, version.number: version}
            self._current = version
        return version

    def apply_in_background(self, closures: Iterable[Closure], at: datetime) -> Future[Version]:
        """Do the same in a thread of its own; searches go on meanwhile in the version before."""
        return self._worker.submit(self.apply, tuple(closures), at)

    def close(self) -> None:
        """Wait for what is under way and end the thread."""
        self._worker.shutdown()

    def _search_with(self, closures: tuple[Closure, ...]) -> Search:
        graph = self._versions[0].search.graph
        meant = [(closure, edges_of(closure, graph, self._snapper)) for closure in closures]
        return Search(closed(graph, meant))

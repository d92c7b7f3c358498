"""The static dial-a-ride problem as frozen arrays: what the search is given, and nothing else."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dispatch.errors import DispatchError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]


class UnusableProblem(DispatchError):
    """The arrays contradict each other; the message says which and how."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """N things a bus does somewhere: a pickup, a drop-off, a break."""

    place: Ints
    """(N,) index into the tables; -1 for a break held wherever the bus is."""
    lo: Floats
    """(N,) service begins not before."""
    hi: Floats
    """(N,) service begins not after."""
    service: Floats
    """(N,) duration of the service."""
    load: Ints
    """(N, L) change of what each limit of room counts."""
    stop: Floats | None = None
    """(N,) added to the service where the bus comes from another place (a halt begins); none: 0."""
    empty: Flags | None = None
    """(N,) 1 where nobody may be aboard; none: 0."""


@dataclass(frozen=True, slots=True)
class Requests:
    """n requests: a pickup and a drop-off on the same bus, or a single node (``pickup`` -1).

    Single nodes are the breaks of a shift and the drop-offs of who is aboard already: allow them only
    their own vehicle and let ``penalty`` be infinite.
    """

    pickup: Ints
    """(n,) node, -1 for a single node."""
    drop: Ints
    """(n,) node."""
    ride: Floats
    """(n,) longest time from the end of the service at the pickup to its begin at the drop-off."""
    allowed: Flags
    """(n, K) 1 where the vehicle may take the request."""
    penalty: Floats | None = None
    """(n,) cost of leaving the request out; infinite (and the default): it must be served."""
    persons: Ints | None = None
    """(n,) riders aboard between pickup and drop-off; for a single node those it sets down.

    Default: 1, single nodes 0.
    """
    direct: Floats | None = None
    """(n,) ride that costs nothing, see ``Problem.ride_weight``; default: 0."""


@dataclass(frozen=True, slots=True)
class Vehicles:
    """K vehicles (shifts), each with one route."""

    start: Ints
    """(K,) place."""
    end: Ints
    """(K,) place."""
    earliest: Floats
    """(K,) leaves ``start`` not before."""
    latest: Floats
    """(K,) reaches ``end`` not after."""
    room: Ints
    """(K, L) capacity of each limit."""
    duration: Floats | None = None
    """(K,) longest time from start to end."""
    driving: Floats | None = None
    """(K,) longest time driven."""
    range_m: Floats | None = None
    """(K,) longest way in metres; needs ``Problem.metres``."""
    fixed: Floats | None = None
    """(K,) cost of being used at all."""
    initial: Ints | None = None
    """(K, L) load at the start."""
    begun: Flags | None = None
    """(K,) 1: pays the way to ``end`` even without visits (it is out already); default 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A static dial-a-ride problem: serve the requests at least cost (Cordeau & Laporte 2003, generalised).

    Cost: sum of ``cost`` along the routes + ``fixed`` of used vehicles + ``ride_weight`` times persons times
    time aboard beyond ``direct`` (priced without waiting) + penalties of requests left out. Times and
    costs are float64, so whole seconds stay exact. The tables should obey the triangle inequality; where
    they do not, schedules are still exact, but a removal that breaks a route is given up.

    Parameters
    ----------
    time, cost
        (P, P) driving time and cost from place to place; zero on the diagonal.
    metres
        (P, P), only for ``Vehicles.range_m``.
    """

    time: Floats
    cost: Floats
    nodes: Nodes
    requests: Requests
    vehicles: Vehicles
    metres: Floats | None = None
    ride_weight: float = 0.0
    must: Flags = field(init=False)
    """(n,) 1 where the request has to be served."""

    def __post_init__(self) -> None:
        """Check the shapes and the references.

        Raises
        ------
        UnusableProblem
            An array has the wrong shape, or refers to something that is not there.
        """
        n, k = self.requests.pickup.size, self.vehicles.start.size
        limits = self.nodes.load.shape[1]
        _shape("time", self.time, (len(self.time),) * 2)
        _shape("cost", self.cost, self.time.shape)
        _shape("requests.allowed", self.requests.allowed, (n, k))
        _shape("vehicles.room", self.vehicles.room, (k, limits))
        used = np.concatenate([self.requests.pickup[self.requests.pickup >= 0], self.requests.drop])
        if not np.array_equal(np.sort(used), np.arange(self.nodes.place.size)):
            raise UnusableProblem("nodes-shared", "Every node must belong to exactly one request.")
        if max(self.nodes.place.max(initial=-1), self.vehicles.start.max(initial=-1)) >= len(
            self.time
        ):
            raise UnusableProblem(
                "place-unknown", "A place is not in the tables: enlarge time and cost."
            )
        if self.vehicles.range_m is not None and self.metres is None:
            raise UnusableProblem("metres-missing", "A range needs the table of metres.")
        penalty = self.requests.penalty
        must = np.ones(n, np.uint8) if penalty is None else np.isinf(penalty).astype(np.uint8)
        object.__setattr__(self, "must", must)


def _shape(name: str, array: npt.NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise UnusableProblem("shape", f"{name} has shape {array.shape} and needs {shape}.")

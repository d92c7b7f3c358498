"""The dials of the search, with defaults that were measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    """How the search goes about it. Costs are relative, so the defaults suit any unit."""

    mean_removed: float = 8.0
    """Mean number of requests a trial takes out."""
    longest_string: float = 10.0
    """Most requests taken out of one route next to each other."""
    blink: float = 0.01
    """Probability that greedy insertion overlooks a vehicle (Christiaens & Vanden Berghe 2020)."""
    regret: float = 0.05
    """Probability that a trial inserts by regret."""
    tails: float = 0.1
    """Probability that a trial exchanges the tails of two routes."""
    strings: float = 0.6
    """Probability that a trial takes out strings."""
    related: float = 0.2
    """Probability that it takes out related requests; otherwise any."""
    hot: float = 0.4
    """First temperature, in units of the mean cost of a request."""
    warm: float = 0.22
    """Temperature after each combination, in the same units."""
    cold: float = 0.1
    """Last temperature, in the same units."""
    slice_iterations: int = 500
    """Iterations between two looks at the stop criterion."""
    pool_size: int = 1 << 15
    """Routes kept for set partitioning."""
    pool_margin: float = 1.02
    """Routes of solutions up to this factor above the best are kept."""
    combine_at: tuple[float, ...] = (0.4, 0.6, 0.8, 0.95)
    """Shares of the search at which the pool is combined and the search warmed up again."""
    longest_route: int = 512
    """Most positions of a route, both ends included."""

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
    crossings: float = 0.5
    """Probability that a trial exchanges parts of two routes."""
    segments: float = 0.5
    """Probability that such a part is a segment; otherwise the tail."""
    strings: float = 0.18
    """Probability that a trial takes out strings."""
    related: float = 0.24
    """Probability that it takes out related requests; otherwise any."""
    hot: float = 0.35
    """Temperature at the beginning of a fresh start, in units of the mean cost of a request."""
    warm: float = 0.15
    """Temperature at the beginning of a descent from a recombined solution, in the same units."""
    cold: float = 0.07
    """Temperature at the end of either, in the same units."""
    starts: int = 2
    """Fresh starts."""
    start_share: float = 0.2
    """Share of the search each of them takes."""
    child_share: float = 0.08
    """Share each descent from a recombined solution takes."""
    elites: int = 6
    """Solutions kept for recombination."""
    combine_share: float = 0.06
    """Share of the seconds left that a set partitioning may take."""
    sampled: float = 0.5
    """Probability that a descent begins with routes drawn from the linear relaxation."""
    slice_iterations: int = 500
    """Most iterations between two looks at the stop criterion."""
    slice_seconds: float = 0.05
    """Most seconds between two looks, where seconds are limited."""
    pool_size: int = 1 << 15
    """Routes kept for set partitioning."""
    pool_margin: float = 1.02
    """Routes of solutions up to this factor above the best are kept."""
    longest_route: int = 512
    """Most positions of a route, both ends included."""

"""OR-Tools: small days solved to proven optimality, and routes combined by set partitioning.

The import is slow, so nothing but tests, benchmarks and processes that improve plans may import this package.
"""

from dispatch.exact.optimal import Exact, Wanted, driving_s, solve

__all__ = ["Exact", "Wanted", "driving_s", "solve"]

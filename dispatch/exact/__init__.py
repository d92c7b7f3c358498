"""OR-Tools: small days solved to proven optimality, and routes combined by set partitioning.

The import is slow: only tests, benchmarks and processes that improve plans may import these modules.
"""

"""The contraction hierarchy: built once, swept for tables, searched for single places and paths."""

from routing.hierarchy.arcs import Hierarchy, build_hierarchy

__all__ = ["Hierarchy", "build_hierarchy"]

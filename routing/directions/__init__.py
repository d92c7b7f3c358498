"""Turn lists: what to do at which junction, in words."""

from routing.directions.steps import Step, directions

__all__ = ["Step", "directions"]

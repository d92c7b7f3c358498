"""What can go wrong on the road network.

RoutingError
├── ExtractError   an OSM extract that cannot be read, holds no roads or cannot be obtained
├── ProfileError   a vehicle profile with a value that makes no sense
├── ClosureError   a closure that names no road, or a version of the roads that is gone
└── NoRoad         no road the bus may use near a place
"""


class RoutingError(Exception):
    """Something a person can put right; `code` is stable, the message is one sentence.

    Parameters
    ----------
    code
        Short name in kebab-case that programs may rely on, e.g. ``"extract-missing"``.
    message
        What is wrong, where, and what to do about it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ExtractError(RoutingError):
    """An OSM extract cannot be read, holds no roads or cannot be obtained."""


class ProfileError(RoutingError):
    """A vehicle profile holds a value that makes no sense."""


class ClosureError(RoutingError):
    """A closure names no road or makes no sense, or a version of the roads is not kept any more."""


class NoRoad(RoutingError):
    """No road the bus may use lies within the limit of a place."""

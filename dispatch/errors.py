"""What can go wrong in dispatch, drawn as a tree.

DispatchError
├── PolicyError        a rule in an area file is unknown, of the wrong kind or absurd
├── IllegalEvent       an event that makes no sense in this state (unknown booking, taken offer, ...)
└── PlanRefused        a plan the independent checker does not accept
"""


class DispatchError(Exception):
    """Base of every error dispatch raises on purpose.

    Parameters
    ----------
    code
        Stable, machine-readable name of the problem, such as ``rule-unknown``.
    message
        One sentence: what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class PolicyError(DispatchError):
    """A rule in an area file is unknown, of the wrong kind or absurd."""


class IllegalEvent(DispatchError):
    """An event makes no sense in this state."""

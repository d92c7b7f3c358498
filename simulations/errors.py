"""What can go wrong in a simulation.

SimulationError        a simulation cannot run as asked (unknown area, no places, absurd demand model)
"""


class SimulationError(Exception):
    """A simulation cannot run as asked.

    Parameters
    ----------
    code
        Stable, machine-readable name of the problem, such as ``area-unknown``.
    message
        One sentence: what is wrong, where, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

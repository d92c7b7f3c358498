"""How much the server does to improve plans."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Effort:
    """Every so often, for each day, so many seconds of search on so many cores."""

    every: timedelta
    seconds: float
    cores: int

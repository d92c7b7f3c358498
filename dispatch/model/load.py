"""What takes up room in a vehicle, and how much room there is."""

from dataclasses import dataclass
from enum import StrEnum


class LoadKind(StrEnum):
    """What takes up room in a vehicle; the order is that of a load vector."""

    SEAT = "seat"
    WHEELCHAIR = "wheelchair"
    WALKER = "walker"
    PRAM = "pram"
    CHILD_SEAT = "child_seat"
    """A child who needs a child seat, and the seat it is fixed to."""
    LUGGAGE = "luggage"
    PARCEL = "parcel"


LOAD_KINDS: tuple[LoadKind, ...] = tuple(LoadKind)
Load = tuple[int, ...]
"""How many of each of :data:`LOAD_KINDS`, in that order; never negative."""

_PERSONS = tuple(
    k for k, kind in enumerate(LOAD_KINDS) if kind in {"seat", "wheelchair", "child_seat"}
)


def load_of(**kinds: int) -> Load:
    """Return the load vector with so many of each kind named, none of the others."""
    unknown = set(kinds) - set(LOAD_KINDS)
    if unknown:
        raise KeyError(f"no such kind of load: {', '.join(sorted(unknown))}")
    return tuple(kinds.get(kind.value, 0) for kind in LOAD_KINDS)


def persons(load: Load) -> int:
    """People in a party: those on seats, in wheelchairs and on child seats; the rest are things."""
    return sum(load[k] for k in _PERSONS)


@dataclass(frozen=True, slots=True)
class Limit:
    """One linear limit of a vehicle: ``sum(coefficients * load) <= at_most``."""

    coefficients: Load
    at_most: int

    def use(self, load: Load) -> int:
        """How much of ``at_most`` the load takes."""
        return sum(c * n for c, n in zip(self.coefficients, load, strict=True))

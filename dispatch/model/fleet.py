"""Buses, and who drives them when."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.load import Limit, Load
from dispatch.model.names import PlaceIndex, ShiftId, VehicleId


class Feature(StrEnum):
    """What a vehicle has and a rider may need."""

    LIFT = "lift"
    LOW_FLOOR = "low_floor"


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A bus with its room as linear limits, because a wheelchair place usually costs seats.

    ``range_m`` is how far it drives on one charge, from the start of a shift or from the end of a
    charging break; None where that is no matter.
    """

    id: VehicleId
    name: str
    limits: tuple[Limit, ...]
    features: frozenset[Feature] = frozenset()
    range_m: int | None = None

    def has_room(self, load: Load) -> bool:
        """Whether everything in ``load`` fits in at the same time."""
        return all(limit.use(load) <= limit.at_most for limit in self.limits)


@dataclass(frozen=True, slots=True)
class Break:
    """A pause of the driver with an empty bus: begins at ``from_s`` or later, ends by ``until_s``.

    Without a ``place`` it is taken wherever the bus stands then. A charging break fills the battery.
    """

    seconds: int
    from_s: int
    until_s: int
    place: PlaceIndex | None = None
    charges: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """Vehicle x driver x time. What is in a state can be booked; ``driver`` is empty until one is found.

    The breaks are taken in their order. ``driving_at_most_s`` bounds the planned driving of the shift,
    depot to depot; None where the law leaves it to the driver.
    """

    id: ShiftId
    vehicle: VehicleId
    driver: str
    start_s: int
    end_s: int
    start_place: PlaceIndex
    end_place: PlaceIndex
    breaks: tuple[Break, ...] = ()
    driving_at_most_s: int | None = None

"""A wish with its addresses found, on its way to the engine; and its row when it is refused."""

from dataclasses import dataclass
from datetime import datetime

from api.context import Context
from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.details import details_of_request
from api.store.tables import RefusalRow
from api.tickets import Ticket
from dispatch.model import LOAD_KINDS, BookingId, Feature, Load, Purpose, Rule, TimeKind
from regions.area import Area
from regions.patterns import AreaStop
from regions.stops import Reach


@dataclass(frozen=True, slots=True)
class End:
    """One end of a wish: where the bus halts, the walk from there to the door, and stops near it.

    Each stop comes with the seconds of its walk. Not ``served``: the bus does not come there.
    """

    spot: Spot
    walk_s: int = 0
    near: tuple[tuple[Spot, int], ...] = ()
    served: bool = True

    @classmethod
    def of(cls, spot: Spot, found: Reach) -> "End":
        """Return the end for a place and what the area serves there."""
        near = tuple((_spot(way.stop), way.walk_s) for way in found.near)
        return cls(_spot(found.stop) if found.stop else spot, found.walk_s, near)


def _spot(stop: AreaStop) -> Spot:
    return Spot(label=stop.name, lon=stop.lon, lat=stop.lat)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to go where and when, with addresses found and the service day known."""

    area: Area
    service: ServiceDay
    origin: End
    destination: End
    time_kind: TimeKind
    time_at: datetime
    load: Load
    needs: frozenset[Feature] = frozenset()
    alone: bool = False
    purpose: Purpose | None = None
    ride_at_most_s: int | None = None
    return_of: BookingId | None = None

    @property
    def served(self) -> bool:
        """Whether the bus comes to both ends."""
        return self.origin.served and self.destination.served

    @classmethod
    def of_ticket(cls, context: Context, ticket: Ticket) -> "Wish":
        """Return the wish an offer was made for."""
        area = context.area(ticket.area_id)
        service = context.service(area, ticket.day)
        asked = details_of_request(ticket.details)
        return cls(
            area=area,
            service=service,
            origin=End(ticket.origin, asked["walk_to_s"]),
            destination=End(ticket.destination, asked["walk_from_s"]),
            time_kind=ticket.time_kind,
            time_at=service.instant(ticket.time_s),
            load=ticket.load,
            needs=asked["needs"],
            alone=asked["alone"],
            purpose=asked["purpose"],
            ride_at_most_s=asked["ride_at_most_s"],
            return_of=asked["return_of"],
        )


def refusal_row(wish: Wish, rule: Rule, alternatives: int, now: datetime) -> RefusalRow:
    """Return the row that remembers a refused wish."""
    return RefusalRow(
        area_id=wish.area.id,
        service_date=wish.service.day,
        rule=rule.value,
        origin_lon=wish.origin.spot.lon,
        origin_lat=wish.origin.spot.lat,
        origin_label=wish.origin.spot.label,
        destination_lon=wish.destination.spot.lon,
        destination_lat=wish.destination.spot.lat,
        destination_label=wish.destination.spot.label,
        time_kind=wish.time_kind.value,
        time_at=wish.time_at,
        **dict(zip(LOAD_KINDS, wish.load, strict=True)),
        alternatives=alternatives,
        refused_at=now,
    )

"""A wish with its addresses found, on its way to the engine; and its row when it is refused."""

from dataclasses import dataclass
from datetime import datetime

from api.context import Context
from api.schemas.answers import Spot
from api.servicetime import ServiceDay
from api.store.tables import RefusalRow
from api.tickets import Ticket
from dispatch.model import Load, Rule, TimeKind
from regions.area import Area


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to go where and when, with addresses found and the service day known."""

    area: Area
    service: ServiceDay
    origin: Spot
    destination: Spot
    time_kind: TimeKind
    time_at: datetime
    load: Load

    @property
    def ends(self) -> tuple[Spot, Spot]:
        """Origin and destination."""
        return self.origin, self.destination

    @classmethod
    def of_ticket(cls, context: Context, ticket: Ticket) -> "Wish":
        """Return the wish an offer was made for."""
        area = context.area(ticket.area_id)
        service = context.service(area, ticket.day)
        return cls(
            area=area,
            service=service,
            origin=ticket.origin,
            destination=ticket.destination,
            time_kind=ticket.time_kind,
            time_at=service.instant(ticket.time_s),
            load=ticket.load,
        )


def refusal_row(wish: Wish, rule: Rule, alternatives: int, now: datetime) -> RefusalRow:
    """Return the row that remembers a refused wish."""
    seat, wheelchair, walker, pram = wish.load
    return RefusalRow(
        area_id=wish.area.id,
        service_date=wish.service.day,
        rule=rule.value,
        origin_lon=wish.origin.lon,
        origin_lat=wish.origin.lat,
        origin_label=wish.origin.label,
        destination_lon=wish.destination.lon,
        destination_lat=wish.destination.lat,
        destination_label=wish.destination.label,
        time_kind=wish.time_kind.value,
        time_at=wish.time_at,
        seat=seat,
        wheelchair=wheelchair,
        walker=walker,
        pram=pram,
        alternatives=alternatives,
        refused_at=now,
    )

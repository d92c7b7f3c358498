"""A wish in the places and seconds of one day, and what is offered for it there."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from api.codes import new_request_id
from api.context import Context
from api.day import Day
from api.differences import difference_answer
from api.errors import Problem
from api.schemas.answers import OfferAnswer, Spot
from api.servicetime import ServiceDay
from api.tickets import GOOD_FOR, Ticket
from api.views import offer_answer
from api.wish import End, Wish
from dispatch.answers import Difference
from dispatch.model import Access, BookingId, Offer, PlaceIndex, Request
from routing.errors import NoRoad


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish as a request to the engine; ``spots`` are the places it names, ``service`` is the day."""

    wish: Wish
    service: ServiceDay
    request: Request
    spots: Mapping[PlaceIndex, Spot]

    @classmethod
    def of(cls, wish: Wish, day: Day, now: datetime) -> "Asked":
        """Put a wish to a day; the time is that of the clock on the day of the wish.

        Raises
        ------
        Problem
            ``no-road``: an end lies on no road the bus may use.
        """
        for name, end in (("origin", wish.origin), ("destination", wish.destination)):
            try:
                day.places.index(end.spot.lon, end.spot.lat)
            except NoRoad as error:
                raise Problem("no-road", {"end": name}) from error
        near_origin, near_destination = (
            tuple(_on_roads(day, end)) for end in (wish.origin, wish.destination)
        )
        stops = [spot for spot, _ in (*near_origin, *near_destination)]
        spots = [wish.origin.spot, wish.destination.spot, *stops]
        places = day.locate(now, *spots)
        access = [
            Access(places[2 + k], walk)
            for k, (_, walk) in enumerate((*near_origin, *near_destination))
        ]
        request = Request(
            id=BookingId(new_request_id()),
            origin=places[0],
            destination=places[1],
            time_kind=wish.time_kind,
            time_s=wish.service.seconds(wish.time_at),
            load=wish.load,
            walk_to_s=wish.origin.walk_s,
            walk_from_s=wish.destination.walk_s,
            near_origin=tuple(access[: len(near_origin)]),
            near_destination=tuple(access[len(near_origin) :]),
            ride_at_most_s=wish.ride_at_most_s,
            needs=wish.needs,
            alone=wish.alone,
            purpose=wish.purpose,
            return_of=wish.return_of,
        )
        named = dict(zip(reversed(places), reversed(spots), strict=True))
        return cls(wish, day.service, request, named)

    def hand_out(self, context: Context, offer: Offer, told: Difference) -> OfferAnswer:
        """Sign an offer for a quarter of an hour and say what is different about it."""
        area, now = self.wish.area, context.clock.now()
        ends = self.spots[offer.request.origin], self.spots[offer.request.destination]
        ticket = Ticket.of(offer, area.id, self.service.day, ends, now + GOOD_FOR)
        answer = offer_answer(ticket, context.office.token(ticket), self.service, area)
        today = now.astimezone(area.time_zone).date()
        differs = difference_answer(told, answer, self.wish.load, today)
        return answer.model_copy(update={"kind": told.kind, "differs": differs})


def _on_roads(day: Day, end: End) -> Iterator[tuple[Spot, int]]:
    """Yield the stops near an end that the bus can reach."""
    for spot, walk_s in end.near:
        with suppress(NoRoad):
            day.places.index(spot.lon, spot.lat)
            yield spot, walk_s

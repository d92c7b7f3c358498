"""Offer tokens: all that is needed to honour an offer, signed, so that nothing need be stored."""

import hashlib
from datetime import date, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict

from api.errors import Problem
from api.schemas.answers import Spot
from dispatch.model import BookingId, Offer, PlaceIndex, Promise, Request, ShiftId, TimeKind

GOOD_FOR = timedelta(minutes=15)
"""Long enough to read offers aloud on the telephone and decide."""
_PURPOSE = "offer-1"
"""Part of the signature; another number for another layout makes old tokens invalid."""


class Ticket(BaseModel):
    """An offer as it travels to the rider and back: positions instead of place indices."""

    model_config = ConfigDict(frozen=True)

    area_id: str
    day: date
    origin: Spot
    destination: Spot
    good_until: datetime
    request_id: str
    time_kind: TimeKind
    time_s: int
    load: tuple[int, ...]
    shift: str
    promise: tuple[int, int, int, int]
    planned_pickup_s: int
    planned_arrival_s: int
    direct_s: int
    added_s: int
    added_m: int
    fare_cents: int
    shared: bool

    @classmethod
    def of(
        cls, offer: Offer, area_id: str, day: date, ends: tuple[Spot, Spot], good_until: datetime
    ) -> "Ticket":
        """Return the ticket of an offer; ``ends`` are origin and destination."""
        request, promise = offer.request, offer.promise
        return cls(
            area_id=area_id,
            day=day,
            origin=ends[0],
            destination=ends[1],
            good_until=good_until,
            request_id=request.id,
            time_kind=request.time_kind,
            time_s=request.time_s,
            load=request.load,
            shift=offer.shift,
            promise=(
                promise.pickup_from_s,
                promise.pickup_until_s,
                promise.arrive_by_s,
                promise.ride_at_most_s,
            ),
            planned_pickup_s=offer.planned_pickup_s,
            planned_arrival_s=offer.planned_arrival_s,
            direct_s=offer.direct_s,
            added_s=offer.added_s,
            added_m=offer.added_m,
            fare_cents=offer.fare_cents,
            shared=offer.shared,
        )

    def request(self, origin: PlaceIndex, destination: PlaceIndex) -> Request:
        """Return the request the offer answers."""
        return Request(
            id=BookingId(self.request_id),
            origin=origin,
            destination=destination,
            time_kind=self.time_kind,
            time_s=self.time_s,
            load=self.load,
        )

    def offer(self, origin: PlaceIndex, destination: PlaceIndex) -> Offer:
        """Return the offer, given the indices of its places in the present table."""
        pickup_from_s, pickup_until_s, arrive_by_s, ride_at_most_s = self.promise
        return Offer(
            request=self.request(origin, destination),
            shift=ShiftId(self.shift),
            promise=Promise(
                pickup_from_s=pickup_from_s,
                pickup_until_s=pickup_until_s,
                arrive_by_s=arrive_by_s,
                ride_at_most_s=ride_at_most_s,
            ),
            planned_pickup_s=self.planned_pickup_s,
            planned_arrival_s=self.planned_arrival_s,
            direct_s=self.direct_s,
            added_s=self.added_s,
            added_m=self.added_m,
            fare_cents=self.fare_cents,
            shared=self.shared,
        )


class TicketOffice:
    """Signs tickets and reads them back."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeSerializer(
            key,
            salt=_PURPOSE,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )

    def token(self, ticket: Ticket) -> str:
        """Return the token to hand out."""
        return str(self._serializer.dumps(ticket.model_dump(mode="json")))

    def ticket(self, token: str) -> Ticket:
        """Return the ticket of a token; whether it is still good is the caller's question.

        Raises
        ------
        Problem
            ``offer-invalid``: not signed by this server.
        """
        try:
            return Ticket.model_validate(self._serializer.loads(token))
        except BadData as error:
            raise Problem("offer-invalid") from error

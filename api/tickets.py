"""Offer tokens: all that is needed to honour an offer, signed, so that nothing need be stored.

A token is signed, not secret: whoever holds it can read it. So the booking's id, which opens the booking,
is not in it but made from it with the key; nor is what an offer tells about other riders' tours.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import date, datetime, timedelta
from typing import Annotated

from itsdangerous import BadData, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.errors import Problem
from api.schemas.answers import Spot
from api.store.details import Details, details_of_request, request_details
from dispatch.model import BookingId, Load, Offer, PlaceIndex, Promise, Request, ShiftId, TimeKind

GOOD_FOR = timedelta(minutes=15)
"""Long enough to read offers aloud on the telephone and decide."""
_PURPOSE = "offer-1"
"""Part of the signature; another number for another layout makes old tokens invalid."""
_BOOKING = b"booking"
_HIDDEN = b"hidden"
_JOURNEY = "journey"
_ID_LENGTH = 22
"""Letters of a booking's id: 132 bits."""


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
    load: Load
    details: Details
    shift: str
    promise: tuple[int, int, int, int]
    planned_pickup_s: int
    planned_arrival_s: int
    direct_s: int
    fare_cents: int
    shared: bool

    @property
    def walks_s(self) -> tuple[int, int]:
        """Seconds on foot to the bus and from it."""
        details = details_of_request(self.details)
        return details["walk_to_s"], details["walk_from_s"]

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
            details=request_details(request),
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
            fare_cents=offer.fare_cents,
            shared=offer.shared,
        )

    def request(self, booking: BookingId, origin: PlaceIndex, destination: PlaceIndex) -> Request:
        """Return the request the offer answers, under the id of the booking it becomes."""
        return Request(
            id=booking,
            origin=origin,
            destination=destination,
            time_kind=self.time_kind,
            time_s=self.time_s,
            load=self.load,
            **details_of_request(self.details),
        )

    def offer(self, booking: BookingId, origin: PlaceIndex, destination: PlaceIndex) -> Offer:
        """Return the offer, given the booking's id and the indices of its places in the present table.

        What it adds to the tour is 0: whoever takes it is inserted anew into the tour as it is then.
        """
        pickup_from_s, pickup_until_s, arrive_by_s, ride_at_most_s = self.promise
        return Offer(
            request=self.request(booking, origin, destination),
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
            added_s=0,
            added_m=0,
            fare_cents=self.fare_cents,
            shared=self.shared,
        )


class JourneyTicket(BaseModel):
    """The rides of a journey as they travel to the rider and back.

    With them goes what was told of the whole way, which no booking keeps: a sentence for each part, and the
    doors it begins and ends at.
    """

    model_config = ConfigDict(frozen=True)

    rides: Annotated[tuple[Ticket, ...], Field(min_length=1)]
    text_de: tuple[str, ...] = ()
    text_en: tuple[str, ...] = ()
    doors: tuple[Spot, Spot] | None = None


class TicketOffice:
    """Signs tickets, reads them back, and names what becomes of them."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
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
            ``offer-invalid``: not signed by this server, or for a journey.
        """
        try:
            return Ticket.model_validate(self._serializer.loads(token))
        except (BadData, ValidationError) as error:
            raise Problem("offer-invalid") from error

    def journey_token(self, ticket: JourneyTicket) -> str:
        """Return the token of a journey to hand out."""
        return str(self._serializer.dumps({_JOURNEY: ticket.model_dump(mode="json")}))

    def journey(self, token: str) -> JourneyTicket:
        """Return the rides of a journey's token; whether they are still good is the caller's question.

        Raises
        ------
        Problem
            ``offer-invalid``: not signed by this server, or for a ride only, or of another layout.
        """
        try:
            return JourneyTicket.model_validate(self._serializer.loads(token)[_JOURNEY])
        except (BadData, LookupError, TypeError, ValidationError) as error:
            raise Problem("offer-invalid") from error

    def booking_id(self, ticket: Ticket) -> BookingId:
        """Return the id of the booking a ticket becomes: always the same, and only we can tell it."""
        named = hmac.digest(self._key, _BOOKING + ticket.request_id.encode(), hashlib.sha256)
        return BookingId(urlsafe_b64encode(named)[:_ID_LENGTH].decode())

    def hidden(self, text: str) -> str:
        """Name a text so that only we can tell which it is."""
        return hmac.digest(self._key, _HIDDEN + text.encode(), hashlib.sha256).hex()

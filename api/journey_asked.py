"""A wish for a journey in the places and seconds of one day, and what answers it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.answering import Refused
from api.codes import new_request_id
from api.context import Context
from api.day import Day
from api.journey_texts import Told, journey_texts
from api.journey_views import journey_answer
from api.schemas.answers import Spot
from api.schemas.journeys import JourneyAnswer
from api.schemas.requests import OfferWish
from api.tickets import GOOD_FOR, JourneyTicket, Ticket
from api.wish import End, Wish
from dispatch.connections import found
from dispatch.connections.first import line_first
from dispatch.connections.found import Journey
from dispatch.connections.journeys import journeys
from dispatch.connections.lines import End as Door
from dispatch.connections.lines import Lines
from dispatch.engine import decide
from dispatch.events import OffersMade, RideRefused, RideRequested
from dispatch.model import BookingId, Load, Offer, PlaceIndex, Request, Rule
from dispatch.schedule.snapshot import Snapshot
from gtfs.service_day import service_day_start
from regions.area import Area
from routing.errors import NoRoad


@dataclass(frozen=True, slots=True)
class Answered:
    """The journeys, the one that stands in for a ride (if the area says so), why no ride goes all the way."""

    journeys: tuple[JourneyAnswer, ...]
    line_first: JourneyAnswer | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Question:
    """A wish for a journey in the places and seconds of one day."""

    context: Context
    wish: Wish
    asked: found.JourneyWish
    day: Day
    lines: Lines | None
    now: datetime
    doors: tuple[Spot, Spot]
    spots: Mapping[PlaceIndex, Spot]

    @classmethod
    def of(
        cls, context: Context, wish: Wish, body: OfferWish, day: Day, now: datetime
    ) -> "Question":
        """Put a wish to a day."""
        lines = lines_of(context, day, wish.load, now)
        resolve = context.finders[wish.area.id].resolve
        doors = resolve(body.origin), resolve(body.destination)
        ends = wish.origin, wish.destination
        places = [_place(day, now, end) for end in ends]
        origin, destination = (
            Door(spot.lon, spot.lat, place, end.walk_s)
            for spot, place, end in zip(doors, places, ends, strict=True)
        )
        party = Request(
            id=BookingId(new_request_id()),
            origin=places[0] or PlaceIndex(0),
            destination=places[1] or PlaceIndex(0),
            time_kind=wish.time_kind,
            time_s=wish.service.seconds(wish.time_at),
            load=wish.load,
            walk_to_s=wish.origin.walk_s,
            walk_from_s=wish.destination.walk_s,
            ride_at_most_s=wish.ride_at_most_s,
            needs=wish.needs,
            alone=wish.alone,
            purpose=wish.purpose,
            return_of=wish.return_of,
        )
        asked = found.JourneyWish(origin, destination, party, body.disabled, body.age_years)
        known = {p: end.spot for p, end in zip(places, ends, strict=True) if p is not None}
        return cls(context, wish, asked, day, lines, now, doors, known)

    def answered(self) -> "Answered":
        """Search for journeys."""
        now_s = self.day.seconds(self.now)
        snapshot = Snapshot.at(self.day.state, now_s)
        direct = self._direct(now_s)
        offers = direct if isinstance(direct, tuple) else ()
        refused = None if isinstance(direct, tuple) else direct
        if self.lines is None:
            rides = tuple(self._told(found.of_ride(offer)) for offer in offers)
            return Answered(rides, None, refused)
        best = journeys(snapshot, self.lines, self.asked, offers)
        first = line_first(snapshot, self.asked, best)
        answers = tuple(self._told(journey) for journey in best)
        return Answered(answers, None if first is None else answers[best.index(first)], refused)

    def _direct(self, now_s: int) -> tuple[Offer, ...] | Refused:
        """Ask for the ride all the way."""
        if None in (self.asked.origin.place, self.asked.destination.place):
            return Refused(Rule.OUTSIDE_AREA)
        _, effects = decide(self.day.state, RideRequested(self.asked.party), now_s)
        effect = next(e for e in effects if isinstance(e, OffersMade | RideRefused))
        if isinstance(effect, OffersMade):
            return effect.offers
        return Refused(effect.refusal.rule, effect.refusal.also)

    def _told(self, journey: Journey) -> JourneyAnswer:
        first = None if journey.first is None else self._ticket(journey.first)
        last = None if journey.last is None else self._ticket(journey.last)
        area, service = self.wish.area, self.wish.service
        today = self.now.astimezone(area.time_zone).date()
        told = Told(area, service, today, self.lines, self.doors, first, last)
        texts, token = journey_texts(journey, told), None
        if told.rides:
            ticket = JourneyTicket(
                rides=told.rides, text_de=texts[0], text_en=texts[1], doors=self.doors
            )
            token = self.context.office.journey_token(ticket)
        return journey_answer(journey, told, texts, token)

    def _ticket(self, offer: Offer) -> Ticket:
        ends = self._spot(offer.request.origin), self._spot(offer.request.destination)
        return Ticket.of(offer, self.wish.area.id, self.wish.service.day, ends, self.now + GOOD_FOR)

    def _spot(self, place: PlaceIndex) -> Spot:
        """Return the door's spot, or the stop of a line that lies at a place."""
        known = self.spots.get(place)
        if known is not None:
            return known
        assert self.lines is not None  # noqa: S101  # the other places are stops of lines
        lon, lat = self.day.places.position(place)
        name = self.lines.day.timetable.stop_name[self.lines.place.tolist().index(place)]
        return Spot(label=name, lon=lon, lat=lat)


def lines_of(context: Context, day: Day, load: Load, now: datetime) -> Lines | None:
    """Return the lines of a day as far as is known now for a party; None if nothing is known to run."""
    area = day.area
    transport = context.live.regions[area.id].now(int(now.timestamp()))
    timetable = context.timetables.day(transport, area.id, day.service.day, load, area.policy)
    if timetable is None or service_day_start(
        day.service.day, timetable.timetable.time_zone
    ) != int(day.service.start.timestamp()):
        return None  # a timetable of another time zone counts other seconds
    return day.lines_of(timetable, now)


def is_inside(area: Area, end: End) -> bool:
    """Whether an end lies in the area; the bus need not come there, where it serves stops only."""
    return area.contains(end.spot.lon, end.spot.lat)


def _place(day: Day, now: datetime, end: End) -> PlaceIndex | None:
    """Return the place of an end, None where the bus does not come."""
    if not end.served:
        return None
    try:
        return day.locate(now, end.spot)[0]
    except NoRoad:
        return None

"""Everything the pages and the JSON API may ask for: one object, one method a use case."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import partial

from api import (
    asking,
    booking,
    connection_care,
    driving,
    forgetting,
    giving,
    guiding,
    journey_booking,
    journeys,
    my_rides,
    persons,
    sheet_folder,
    showing,
    touring,
)
from api.clock import Clock
from api.context import Context
from api.errors import Problem
from api.idempotency import Reply
from api.issues import Issues
from api.messages import desk
from api.phone import e164
from api.purpose import check_seen
from api.rights import Actor, Permission
from api.schemas.answers import (
    AreasAnswer,
    BookingAnswer,
    BookingsAnswer,
    FoundRidesAnswer,
    OfferAnswer,
    OffersAnswer,
    PlacesAnswer,
    RefusalsAnswer,
)
from api.schemas.connections import ConnectionCasesAnswer
from api.schemas.journeys import (
    JourneyBooking,
    JourneyBookingAnswer,
    JourneysAnswer,
)
from api.schemas.messages import BrowserWish, MessageAnswer, MessagesAnswer
from api.schemas.persons import (
    PersonAnswer,
    PersonErasedAnswer,
    PersonWish,
    ResponsibleAnswer,
)
from api.schemas.requests import BookingWish, OfferWish, RideSearch, VisitReport
from api.schemas.tours import DirectionsAnswer, ReportAnswer, TourAnswer, ToursAnswer
from api.tickets import JourneyTicket
from api.timetable_state import TimetableState, timetable_state
from gtfs.export.realtime import RunningTour
from regions.area import Area


class Services:
    """The use cases. Every error is an :class:`api.errors.Problem`, or one the handlers know.

    All methods block (database, locks): call them from ``def`` endpoints, which run in threads.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self._durations = giving.Durations(context)
        self._issues = Issues()

    @property
    def clock(self) -> Clock:
        """The injected clock."""
        return self.context.clock

    def areas(self) -> AreasAnswer:
        """Describe all areas."""
        return showing.areas(self.context)

    def area(self, area_id: str) -> Area:
        """Return an area (``area-unknown``)."""
        return self.context.area(area_id)

    def all_areas(self) -> list[Area]:
        """Return all areas by their ids."""
        return self.context.areas()

    def areas_of(self, actor: Actor) -> list[Area]:
        """Return the areas of somebody's operator by their ids."""
        return [area for area in self.context.areas() if actor.sees(area.id)]

    def count_areas(self) -> int:
        """Ask the database how many areas it knows: it can be read, so the server is ready."""
        with self.context.database.reading() as reader:
            return reader.count_areas()

    def check_day(self, actor: Actor, area_id: str, day: date) -> None:
        """Refuse what no area and no calendar has (``area-unknown``, ``date-out-of-range``)."""
        showing.check_day(day)
        actor.require(Permission.SEE_TOURS, area_id)
        self.context.area(area_id)

    def day_version(self, area_id: str, day: date) -> int:
        """Ask the database for the version of a day."""
        with self.context.database.reading() as reader:
            return reader.version(area_id, day)

    def search(self, area_id: str, text: str, limit: int = 8) -> PlacesAnswer:
        """Return what a typed place may mean (``area-unknown``)."""
        area = self.context.area(area_id)
        return self.context.finders[area.id].search(text, limit)

    def ask(self, wish: OfferWish, language: str = "de") -> OffersAnswer:
        """Answer a wish with offers or a refusal; see :func:`api.asking.ask`."""
        return asking.ask(self.context, wish, language).body

    def ask_once(self, wish: OfferWish, key: str, language: str = "de") -> Reply[OffersAnswer]:
        """Answer a wish, and the same request again with the same answer."""
        return asking.ask(self.context, wish, language, key)

    def offer(self, token: str) -> OfferAnswer:
        """Describe an offer that is still good (``offer-invalid``, ``offer-expired``)."""
        return asking.look_up(self.context, token)

    def journeys(self, wish: OfferWish, language: str = "de") -> JourneysAnswer:
        """Answer with our bus, lines and both together; see :func:`api.journeys.ask`."""
        return journeys.ask(self.context, wish, language)

    def journey_rides(self, token: str) -> tuple[OfferAnswer, ...]:
        """Describe the rides of a journey that is still good (``offer-invalid``, ``journey-gone``)."""
        return journey_booking.look_up(self.context, token)

    def journey_told(self, token: str, bookings: Collection[str] = ()) -> JourneyTicket | None:
        """Return what was told of a journey; see :func:`api.journey_booking.told`."""
        return journey_booking.told(self.context, token, bookings)

    def take_journey(self, wish: JourneyBooking, key: str) -> Reply[JourneyBookingAnswer]:
        """Book the rides of a journey; see :func:`api.journey_booking.take`."""
        return journey_booking.take(self.context, wish, key)

    def take(self, wish: BookingWish, key: str) -> Reply[BookingAnswer]:
        """Turn an offer into a booking; see :func:`api.booking.take`."""
        return booking.take(self.context, wish, key)

    def cancel(self, booking_id: str) -> BookingAnswer:
        """Cancel a booking; see :func:`api.booking.cancel`."""
        return booking.cancel(self.context, booking_id)

    def find_ride(self, wish: RideSearch, address: str) -> FoundRidesAnswer:
        """Find a booking by its code and number; see :func:`api.my_rides.find`."""
        return my_rides.find(self.context, wish, address)

    def booking(self, booking_id: str) -> BookingAnswer:
        """Show a booking (``booking-unknown``)."""
        return showing.booking(self.context, booking_id)

    def booking_of(self, actor: Actor, booking_id: str) -> BookingAnswer:
        """Show a booking to staff of its area (``booking-unknown``)."""
        shown = showing.booking(self.context, booking_id)
        if not actor.sees(shown.area_id):
            raise Problem("booking-unknown")
        return shown

    def bookings(self, actor: Actor, day: date, area_id: str | None = None) -> BookingsAnswer:
        """List the bookings of a day (``area-unknown``, ``date-out-of-range``)."""
        return showing.bookings(self.context, actor, day, area_id)

    def refusals(
        self, actor: Actor, day: date, area_id: str | None = None, language: str = "de"
    ) -> RefusalsAnswer:
        """List the wishes refused for a day (``area-unknown``, ``date-out-of-range``)."""
        return showing.refusals(self.context, actor, day, area_id, language)

    def connection_cases(self, actor: Actor, day: date, area_id: str) -> ConnectionCasesAnswer:
        """List riders whose line and ride do not meet any more (``area-unknown``)."""
        actor.require(Permission.SEE_RIDES, area_id)
        return connection_care.cases(self.context, day, area_id)

    def messages(
        self,
        actor: Actor,
        day: date | None,
        area_id: str | None = None,
        states: Sequence[str] = (),
        language: str = "de",
    ) -> MessagesAnswer:
        """List messages to riders (``area-unknown``, ``date-out-of-range``)."""
        return desk.messages(self.context, actor, day, area_id, states, language)

    def retry_message(self, actor: Actor, message_id: str) -> MessageAnswer:
        """Send a message again (``message-unknown``, ``message-over``)."""
        return desk.retry(self.context, actor, message_id)

    def call_instead(self, actor: Actor, message_id: str) -> MessageAnswer:
        """Let a person call (``message-unknown``, ``message-over``)."""
        return desk.call(self.context, actor, message_id)

    def note_call(self, actor: Actor, message_id: str, *, reached: bool) -> MessageAnswer:
        """Note how a call went (``message-unknown``, ``message-over``)."""
        return desk.done(self.context, actor, message_id, reached=reached)

    def tell_browser(self, booking_id: str, wish: BrowserWish) -> None:
        """Let a browser hear of a booking (``booking-unknown``, ``too-many-browsers``)."""
        desk.listen(self.context, booking_id, wish)

    def timetable_state(self, area: Area) -> TimetableState | None:
        """Tell how well the lines around an area are known today; None where there are none."""
        now = self.clock.now().astimezone(area.time_zone)
        return timetable_state(self.context.live.regions[area.id], now)

    def tours(self, actor: Actor, day: date, area_id: str | None = None) -> ToursAnswer:
        """Show the tours of a day (``area-unknown``, ``date-out-of-range``)."""
        return showing.tours(self.context, actor, day, area_id)

    def tour_sheets(self, actor: Actor, day: date, area_id: str) -> bytes:
        """Return the tours of an area's day as a PDF to print (``area-unknown``, ``date-out-of-range``)."""
        actor.require(Permission.SEE_TOURS, area_id)
        showing.check_day(day)
        check_seen(self.context, actor, area_id, day)
        return sheet_folder.sheets_of(self.context, self.context.area(area_id), day)

    def tour(
        self, actor: Actor, tour_id: str, known: Collection[str]
    ) -> tuple[str, TourAnswer | None]:
        """Describe a tour unless its tag is known; see :func:`api.touring.tour`."""
        return touring.tour(self.context, actor, tour_id, known)

    def directions(self, actor: Actor, tour_id: str, language: str = "de") -> DirectionsAnswer:
        """Tell the way from halt to halt (``tour-unknown``)."""
        return guiding.tell_way(self.context, actor, tour_id, language)

    def report(self, actor: Actor, tour_id: str, visit_id: str, body: VisitReport) -> ReportAnswer:
        """Take a driver's report; see :func:`api.driving.report`."""
        return driving.report(self.context, actor, tour_id, visit_id, body)

    def export_person(self, actor: Actor, wish: PersonWish) -> PersonAnswer:
        """Return everything stored of a person (``person-unknown``, ``phone-invalid``)."""
        now, database = self.clock.now(), self.context.database
        return persons.export(database, self._who(actor, wish), now, self.responsible)

    def export_person_pdf(self, actor: Actor, wish: PersonWish) -> bytes:
        """Return everything stored of a person as a German PDF; problems as above."""
        from api.person_pdf import pdf  # noqa: PLC0415  # few ever need it, and it is large

        return pdf(self.export_person(actor, wish))

    def erase_person(self, actor: Actor, wish: PersonWish) -> PersonErasedAnswer:
        """Take a person off all rides; see :func:`api.persons.erase`."""
        now, database = self.clock.now(), self.context.database
        measure = partial(forgetting.measure, self.context)
        answer, days = persons.erase(database, self._who(actor, wish), now, measure)
        for area_id, day in days:
            forgetting.drop_from_memory(self.context, area_id, day)
        return answer

    def responsible(self, area_id: str) -> ResponsibleAnswer | None:
        """Tell who answers for an area's data; None where the area is not served."""
        region = self.context.regions.get(area_id)
        if region is None:
            return None
        area = region.areas[area_id]
        return ResponsibleAnswer(
            area=area.name,
            controller=area.privacy.controller or area.operator,
            contact=area.privacy.contact or area.phone,
            officer=area.privacy.officer,
            rides_named_days=area.privacy.rides_named_days,
        )

    def _who(self, actor: Actor, wish: PersonWish) -> persons.Who:
        """Read a number as the first area's country writes it; only rides of one's own areas count."""
        home = next((area.phone for area in self.areas_of(actor)), "")
        return persons.Who(e164(wish.phone, home), wish.name, actor.areas)

    def flex_feed(self, area_id: str | None, address: str) -> bytes:
        """Give the services as GTFS-Flex (``area-unknown``, ``feed-impossible``)."""
        return giving.flex(self.context, self._durations, self._issues, area_id, address)

    def plain_feed(self, area_id: str | None, address: str) -> bytes:
        """Give the services as GTFS without Flex (``area-unknown``, ``feed-impossible``)."""
        return giving.plain(self.context, self._durations, self._issues, area_id, address)

    def running_tours(self, area_id: str | None) -> tuple[RunningTour, ...]:
        """Tell what is public of the tours that run now (``area-unknown``)."""
        return giving.running(self.context, area_id)

"""Service alerts: what the operator has to say about lines, stops and trips, and to whom it matters."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from google.transit.gtfs_realtime_pb2 import Alert as Told
from google.transit.gtfs_realtime_pb2 import EntitySelector, TranslatedString

from gtfs.journey import Journey, Ride
from gtfs.realtime.ids import Ids, day_named
from gtfs.service_day import service_day_start
from gtfs.timetable import Timetable

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_TEXT = 4_000
"""Longest text kept, in characters: more than anybody reads on the telephone."""
LANGUAGES = "de", "en"


@dataclass(frozen=True, slots=True)
class Informed:
    """Whom an alert concerns: everything that fits all that is named; indices of the timetable."""

    route: int | None = None
    stop: int | None = None
    """A stop, or a station with its platforms."""
    trip: int | None = None
    day: date | None = None
    """Service day of the trip."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What the operator has to say.

    Parameters
    ----------
    header, description
        Plain text in the first language there is: German, English, any.
    cause, effect
        Names of GTFS-Realtime such as ``CONSTRUCTION``, ``DETOUR``.
    active
        UNIX times from and until, None for an open end; without any period it always holds.
    informed
        Whom it concerns, at least one of them.
    """

    id: str
    header: str
    description: str
    url: str
    cause: str
    effect: str
    active: tuple[tuple[int | None, int | None], ...]
    informed: tuple[Informed, ...]

    def active_between(self, from_s: int, until_s: int) -> bool:
        """Whether it holds at any time between two UNIX times."""
        return not self.active or any(
            (begin is None or begin <= until_s) and (end is None or from_s < end)
            for begin, end in self.active
        )


def read_alert(ident: str, told: Told, ids: Ids) -> Alert | None:
    """Read one alert; None where it concerns nothing of the timetable."""
    informed = [found for one in told.informed_entity if (found := _informed(one, ids))]
    if not informed:
        return None
    return Alert(
        id=ident,
        header=_text(told.header_text),
        description=_text(told.description_text),
        url=_text(told.url),
        cause=Told.Cause.Name(told.cause),
        effect=Told.Effect.Name(told.effect),
        active=tuple((period.start or None, period.end or None) for period in told.active_period),
        informed=tuple(dict.fromkeys(informed)),
    )


def alerts_of(timetable: Timetable, journey: Journey, alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Return the alerts that concern a ride of a journey at its time, in their order."""
    start = service_day_start(journey.day, journey.time_zone)
    return tuple(
        alert
        for alert in alerts
        if any(
            alert.active_between(start + ride.departure_s, start + ride.arrival_s)
            and any(_concerns(timetable, one, ride) for one in alert.informed)
            for ride in journey.rides
        )
    )


def _concerns(timetable: Timetable, one: Informed, ride: Ride) -> bool:
    route = int(timetable.trip_route[ride.trip])
    ends = {ride.from_stop, ride.to_stop}
    ends |= {int(timetable.stop_station[stop]) for stop in ends}
    return (
        one.route in (None, route)
        and one.trip in (None, ride.trip)
        and one.day in (None, ride.service_day)
        and (one.stop is None or one.stop in ends)
    )


def _informed(one: EntitySelector, ids: Ids) -> Informed | None:
    """Look up what is named; None where a part of it is not in the timetable.

    The agency, the direction and the kind of vehicle narrow nothing down: these the timetable does not know.
    """
    named = one.trip.trip_id
    route_id = one.route_id or one.trip.route_id
    trip = ids.trip(one.trip) if named else None
    route = ids.route(route_id) if route_id else None
    stop = ids.stop(one.stop_id) if one.stop_id else None
    wanted = ((named, trip), (route_id, route), (one.stop_id, stop))
    if any(ident and found is None for ident, found in wanted):
        return None
    if one.HasField("route_type") and not any(ident for ident, _ in wanted):
        return None
    return Informed(route, stop, trip, day_named(one.trip.start_date))


def _text(told: TranslatedString) -> str:
    """Choose the text in the first language there is, without the markup some feeds put into it."""
    texts = {one.language.lower()[:2]: one.text for one in reversed(told.translation)}
    wanted = (language for language in (*LANGUAGES, "", *texts) if language in texts)
    return plain(texts.get(next(wanted, ""), ""))


def plain(text: str) -> str:
    """Return a text without tags, entities and line breaks, cut where it is endless."""
    words = html.unescape(_TAG.sub(" ", text[: 10 * _TEXT])).split()
    whole = " ".join(words)
    return whole if len(whole) <= _TEXT else whole[: _TEXT - 1] + "…"

"""Running tours as GTFS-Realtime: where a bus was last seen in public, and when it comes to public stops.

A tour is an extra trip of its service's route, because no trip of the Flex feed is one bus. It is marked
``ADDED``, which every reader knows; the newer ``NEW`` means the same, but readers built before 2025 take
such a trip for one of the feed and drop it. Only public stops appear; the shells leave out doors, depots and
breaks, and nobody can count riders here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.transit import gtfs_realtime_pb2 as realtime

from gtfs.export.common import day, stop_id

_VERSION = "2.0"


@dataclass(frozen=True, slots=True)
class PublicHalt:
    """A halt at a public stop of the service.

    ``number`` counts the public halts of the tour from 1. ``arrive`` and ``depart`` are planned, or what
    happened once ``arrived`` and ``departed`` say so; both are aware.
    """

    number: int
    stop: str
    lon: float
    lat: float
    arrive: datetime
    depart: datetime
    arrived: bool = False
    departed: bool = False

    @property
    def tapped(self) -> datetime:
        """When the driver last reported this halt; planned where nothing was reported."""
        return self.depart if self.departed else self.arrive


@dataclass(frozen=True, slots=True)
class RunningTour:
    """The tour of a shift that runs now.

    Parameters
    ----------
    service, trip, vehicle, vehicle_name, service_day
        Ids of service, tour and bus, what the bus is called, and the service day.
    seen
        The halt the bus stands at or has left last, if that one is public.
    ahead
        Public halts the bus has not left, in order.
    """

    service: str
    trip: str
    vehicle: str
    vehicle_name: str
    service_day: date
    seen: PublicHalt | None
    ahead: tuple[PublicHalt, ...]


def feed_message(tours: Sequence[RunningTour], now: datetime) -> bytes:
    """Return the tours as a serialised ``FeedMessage``: vehicle positions and trip updates."""
    return bytes(_message(tours, now).SerializeToString())


def feed_json(tours: Sequence[RunningTour], now: datetime) -> dict[str, Any]:
    """Return the same message as JSON, for people who look at it."""
    return dict(MessageToDict(_message(tours, now), preserving_proto_field_name=True))


def _message(tours: Sequence[RunningTour], now: datetime) -> realtime.FeedMessage:
    message = realtime.FeedMessage(
        header=realtime.FeedHeader(
            gtfs_realtime_version=_VERSION,
            incrementality=realtime.FeedHeader.FULL_DATASET,
            timestamp=int(now.timestamp()),
        )
    )
    for tour in tours:
        if tour.ahead:
            update = _trip_update(tour, now)
            message.entity.append(realtime.FeedEntity(id=f"fahrt:{tour.trip}", trip_update=update))
        if tour.seen is not None:
            position = _vehicle_position(tour, tour.seen)
            message.entity.append(realtime.FeedEntity(id=f"bus:{tour.trip}", vehicle=position))
    return message


def _trip_update(tour: RunningTour, now: datetime) -> realtime.TripUpdate:
    update = realtime.TripUpdate
    by_phone = update.StopTimeUpdate.StopTimeProperties(
        # an extra trip would otherwise look like a bus anybody may board
        pickup_type=update.StopTimeUpdate.StopTimeProperties.PHONE_AGENCY,
        drop_off_type=update.StopTimeUpdate.StopTimeProperties.PHONE_AGENCY,
    )
    return update(
        trip=_trip(tour),
        vehicle=_vehicle(tour),
        timestamp=int(now.timestamp()),
        stop_time_update=[
            update.StopTimeUpdate(
                stop_sequence=halt.number,
                stop_id=stop_id(tour.service, halt.stop),
                arrival=update.StopTimeEvent(time=int(halt.arrive.timestamp())),
                departure=update.StopTimeEvent(time=int(halt.depart.timestamp())),
                schedule_relationship=update.StopTimeUpdate.SCHEDULED,
                stop_time_properties=by_phone,
            )
            for halt in tour.ahead
        ],
    )


def _vehicle_position(tour: RunningTour, seen: PublicHalt) -> realtime.VehiclePosition:
    """Tell where the driver last tapped in public, with the time of that tap: nothing is guessed."""
    position = realtime.VehiclePosition(
        trip=_trip(tour),
        vehicle=_vehicle(tour),
        position=realtime.Position(latitude=seen.lat, longitude=seen.lon),
        timestamp=int(seen.tapped.timestamp()),
    )
    if not seen.departed:
        position.stop_id = stop_id(tour.service, seen.stop)
        position.current_stop_sequence = seen.number
        position.current_status = realtime.VehiclePosition.STOPPED_AT
    return position


def _trip(tour: RunningTour) -> realtime.TripDescriptor:
    return realtime.TripDescriptor(
        trip_id=tour.trip,
        route_id=tour.service,
        start_date=day(tour.service_day),
        schedule_relationship=realtime.TripDescriptor.ADDED,
    )


def _vehicle(tour: RunningTour) -> realtime.VehicleDescriptor:
    return realtime.VehicleDescriptor(id=f"{tour.service}:{tour.vehicle}", label=tour.vehicle_name)

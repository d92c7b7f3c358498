"""What a reader is told about one on-demand service of ours, before it is spelt as tables."""

from dataclasses import dataclass
from datetime import date

from gtfs.other_services import Notice, Polygon


@dataclass(frozen=True, slots=True)
class Window:
    """Hours on some weekdays (Monday first), in seconds of the service day.

    Riders board from ``from_s`` to ``board_until_s`` and have left by ``until_s``.
    """

    weekdays: tuple[bool, ...]
    from_s: int
    board_until_s: int
    until_s: int


@dataclass(frozen=True, slots=True)
class PublicStop:
    """A place everybody may know the bus halts at; never somebody's door. WGS84 degrees."""

    id: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class OfficeDays:
    """Days that count for a notice given in days: those on which somebody takes bookings."""

    weekdays: tuple[bool, ...]
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SafeDuration:
    """The ride takes at most ``factor`` x driving there by car + ``offset_s``, in 95 of 100 cases."""

    factor: float
    offset_s: int

    def of(self, driving_s: int) -> int:
        """Seconds to reckon with for a drive."""
        return round(self.factor * driving_s) + self.offset_s


@dataclass(frozen=True, slots=True)
class OnDemandService:
    """One service as the world may know it: no vehicle, driver or rider in it.

    Parameters
    ----------
    id
        Lower-case letters, digits and hyphens; ids of the feed begin with it.
    name, operator, phone
        As riders know them; the phone in international form.
    time_zone
        IANA name.
    windows
        When it runs; at least one.
    closed
        Days without service whatever the weekday.
    notice
        How early one must book, and how early one can.
    duration
        What a ride takes beyond driving there.
    zone, stops
        With a zone riders are met anywhere in it, and stops are its public places only; without one riders
        are met at the stops.
    office
        Days that count for a notice in days; None: all.
    wheelchairs
        Whether every bus takes a wheelchair (None: some do).
    invented
        Nobody runs it; the feed says so wherever it can.
    """

    id: str
    name: str
    operator: str
    phone: str
    time_zone: str
    windows: tuple[Window, ...]
    notice: Notice
    duration: SafeDuration
    closed: frozenset[date] = frozenset()
    zone: tuple[Polygon, ...] = ()
    stops: tuple[PublicStop, ...] = ()
    office: OfficeDays | None = None
    wheelchairs: bool | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """One issue of a feed: valid on these days, both included; ``address`` is where riders book (http…)."""

    first_day: date
    last_day: date
    address: str

"""A journey in one sentence, in German or English, to be shown and read aloud."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from gtfs.journey import Journey, Ride, Walk
from gtfs.service_day import service_day_start

_MINUTE = 60
_RAIL = (2, 109)
# of extended route types the hundreds tell the kind
_HUNDREDS = {1: 2, 2: 3, 4: 1, 7: 3, 8: 11, 9: 0, 10: 4, 12: 4}


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language says it; the lines of ``kinds`` are named by GTFS route type."""

    clock: str
    day_before: str
    day_after: str
    minute: str
    minutes: str
    platform: str
    track: str
    call: str
    start: str
    walk: str
    goal: str
    ride: str
    stay: str
    line: str
    kinds: dict[int, str]


_GERMAN = _Words(
    clock="{:%H:%M} Uhr",
    day_before=" am Vortag",
    day_after=" am Folgetag",
    minute="1 Minute",
    minutes="{} Minuten",
    platform=", Steig {}",
    track=", Gleis {}",
    call=" (vorher anrufen)",
    start="um {begin} los, {time} bis {to}",
    walk="{time} zu Fuß bis {to}",
    goal="{time} bis zum Ziel (an {end})",
    ride="um {begin} ab {origin} mit {line} Richtung {headsign}{call} bis {to} (an {end})",
    stay="sitzen bleiben, weiter als {line} Richtung {headsign} bis {to} (an {end})",
    line="Linie",
    kinds={
        0: "Straßenbahn",
        1: "U-Bahn",
        2: "Zug",
        3: "Bus",
        4: "Fähre",
        11: "Oberleitungsbus",
        109: "S-Bahn",
        715: "Rufbus",
    },
)
_ENGLISH = _Words(
    clock="{:%H:%M}",
    day_before=" the day before",
    day_after=" the day after",
    minute="1 minute",
    minutes="{} minutes",
    platform=", platform {}",
    track=", track {}",
    call=" (call ahead)",
    start="leave at {begin}, {time} to {to}",
    walk="walk {time} to {to}",
    goal="{time} to the goal (arriving {end})",
    ride="at {begin} from {origin} by {line} towards {headsign}{call} to {to} (arriving {end})",
    stay="stay aboard, which goes on as {line} towards {headsign} to {to} (arriving {end})",
    line="line",
    kinds={
        0: "tram",
        1: "underground",
        2: "train",
        3: "bus",
        4: "ferry",
        11: "trolleybus",
        109: "suburban train",
        715: "on-call bus",
    },
)


def german(journey: Journey) -> str:
    """Say a journey in German."""
    return _say(journey, _GERMAN)


def english(journey: Journey) -> str:
    """Say a journey in English."""
    return _say(journey, _ENGLISH)


def _say(journey: Journey, words: _Words) -> str:
    text = "; ".join(
        _walk(leg, journey, words) if isinstance(leg, Walk) else _ride(leg, journey, words)
        for leg in journey.legs
    )
    return f"{text[0].upper()}{text[1:]}."


def _walk(leg: Walk, journey: Journey, words: _Words) -> str:
    minutes = -(-leg.seconds // _MINUTE)
    pattern = words.start if leg.from_stop is None else words.walk
    return (words.goal if leg.to_stop is None else pattern).format(
        begin=_clock(leg.departure_s, journey, words),
        end=_clock(leg.arrival_s, journey, words),
        time=words.minute if minutes == 1 else words.minutes.format(minutes),
        to=leg.to_name,
    )


def _ride(leg: Ride, journey: Journey, words: _Words) -> str:
    kind = leg.route_type if leg.route_type in words.kinds else _HUNDREDS.get(leg.route_type // 100)
    name = words.line if kind is None else words.kinds[kind]
    platform = words.track if kind in _RAIL else words.platform
    return (words.stay if leg.stays_aboard else words.ride).format(
        begin=_clock(leg.departure_s, journey, words),
        end=_clock(leg.arrival_s, journey, words),
        origin=leg.from_name + (platform.format(leg.from_platform) if leg.from_platform else ""),
        to=leg.to_name + (platform.format(leg.to_platform) if leg.to_platform else ""),
        line=f"{name} {leg.route}",
        headsign=leg.headsign,
        call=words.call if leg.call_ahead else "",
    )


def _clock(time_s: int, journey: Journey, words: _Words) -> str:
    """Say the time on the clock, and the day where it is another one than the journey's."""
    zone = ZoneInfo(journey.time_zone)
    at = datetime.fromtimestamp(service_day_start(journey.day, journey.time_zone) + time_s, zone)
    day = ""
    if at.date() != journey.day:
        day = words.day_after if at.date() > journey.day else words.day_before
    return words.clock.format(at) + day

"""How a journey is said in German and in English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """How a language says it; the lines of ``kinds`` are named by GTFS route type; both know the same."""

    clock: str
    day_before: str
    day_after: str
    minute: str
    minutes: str
    later: str
    earlier: str
    today: str
    arrival: str
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


GERMAN = Words(
    clock="{:%H:%M} Uhr",
    day_before=" am Vortag",
    day_after=" am Folgetag",
    minute="1 Minute",
    minutes="{} Minuten",
    later="{today}{time} später, geplant {planned}",
    earlier="{today}{time} früher, geplant {planned}",
    today="heute ",
    arrival="Ankunft {}",
    platform=", Steig {}",
    track=", Gleis {}",
    call=" (vorher anrufen)",
    start="um {begin} los, {time} zu Fuß bis {to}",
    walk="{time} zu Fuß bis {to}",
    goal="{time} zu Fuß bis zum Ziel (an {end})",
    ride="um {begin}{off} ab {origin} mit {line} Richtung {headsign}{call} bis {to} (an {end})",
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
ENGLISH = Words(
    clock="{:%H:%M}",
    day_before=" the day before",
    day_after=" the day after",
    minute="1 minute",
    minutes="{} minutes",
    later="{today}{time} late, planned {planned}",
    earlier="{today}{time} early, planned {planned}",
    today="today ",
    arrival="arriving {}",
    platform=", platform {}",
    track=", track {}",
    call=" (call ahead)",
    start="leave at {begin}, walk {time} to {to}",
    walk="walk {time} to {to}",
    goal="walk {time} to your destination (arriving {end})",
    ride="at {begin}{off} from {origin} by {line} towards {headsign}{call} to {to} (arriving {end})",
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

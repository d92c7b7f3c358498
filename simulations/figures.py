"""The measures of a day as labelled figures with units, in German and English."""

from dataclasses import dataclass
from typing import Literal

from dispatch.model import Rule
from simulations.measures import Measures

Language = Literal["de", "en"]

RULES: dict[Rule, tuple[str, str]] = {
    Rule.NO_SHIFT: ("kein Dienst zu dieser Zeit", "no shift at that time"),
    Rule.TOO_SOON: ("zu kurzfristig", "too soon"),
    Rule.TOO_FAR_AHEAD: ("zu weit im Voraus", "too far ahead"),
    Rule.CLOSED_DAY: ("geschlossener Tag", "closed day"),
    Rule.CLOSURE: ("Sperrung", "closure"),
    Rule.OUTSIDE_AREA: ("außerhalb des Gebiets", "outside the area"),
    Rule.UNREACHABLE: ("keine Straße dorthin", "no road there"),
    Rule.SAME_PLACE: ("Start gleich Ziel", "same place"),
    Rule.ROOM: ("kein Platz im Fahrzeug", "no room in the vehicle"),
    Rule.TIME: ("mehrere Regeln zugleich", "several rules at once"),
    Rule.RIDE_TIME: ("Fahrt würde zu lang", "ride would be too long"),
    Rule.VEHICLES_BUSY: ("Fahrzeuge belegt", "vehicles busy"),
    Rule.FEATURE: ("Ausstattung fehlt", "equipment missing"),
    Rule.RANGE: ("Batterie reicht nicht", "battery does not last"),
    Rule.DRIVING_TIME: ("Lenkzeit überschritten", "too much driving"),
    Rule.BREAK: ("Pause", "break"),
    Rule.STANDING_QUOTA: ("Dauerbestellungen voll", "standing orders full"),
    Rule.ALONE: ("kein Bus für eine Gruppe allein", "no bus for one party alone"),
    Rule.AFTER_OUTWARD: ("Hinfahrt noch nicht zu Ende", "before the way there ends"),
    Rule.LINE_FIRST: ("Linie fährt", "a line goes there"),
}


_UNITS_DE = {
    "people": "Menschen",
    "rides": "Fahrten",
    "tours": "Touren",
    "times direct": "mal direkt",
    "persons per bus": "Personen je Bus",
    "rides per hour": "Fahrten je Stunde",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its label, its (English) unit, and how many digits it has behind the point."""

    de: str
    en: str
    value: float
    unit: str
    digits: int = 0

    def label(self, language: Language) -> str:
        """Return the label in a language."""
        return self.de if language == "de" else self.en

    def text(self, language: Language) -> str:
        """Return the number with its unit as it is written in a language."""
        number = f"{self.value:,.{self.digits}f}"
        if language == "de":
            number = number.translate(str.maketrans(",.", ".,"))
        unit = _UNITS_DE.get(self.unit, self.unit) if language == "de" else self.unit
        return f"{number} {unit}"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together."""

    de: str
    en: str
    figures: tuple[Figure, ...]

    def title(self, language: Language) -> str:
        """Return the title in a language."""
        return self.de if language == "de" else self.en


def sections(measures: Measures) -> tuple[Section, ...]:
    """Return all measures of a day in the order in which people ask about them."""
    return (
        Section("Fahrtwünsche", "Wishes", _wishes(measures)),
        Section("Wartezeit und Fahrzeit", "Waiting and riding", _times(measures)),
        Section("Zusagen", "Promises", _promises(measures)),
        Section("Fahrzeuge", "Vehicles", _vehicles(measures)),
    )


def _wishes(measures: Measures) -> tuple[Figure, ...]:
    answers = measures.answers
    refusals = (
        Figure(f"abgelehnt: {RULES[Rule(rule)][0]}", f"refused: {RULES[Rule(rule)][1]}", n, "rides")
        for rule, n in sorted(answers.refusals.items(), key=lambda item: (-item[1], item[0]))
    )
    return (
        Figure("Menschen", "people", answers.riders, "people"),
        Figure("gewünschte Fahrten", "rides asked for", answers.asked, "rides"),
        Figure("gefahren", "served", answers.served, "rides"),
        _percent("Anteil gefahren", "share served", answers.served_share),
        Figure("Angebot passte nicht", "offers declined", answers.declined, "rides"),
        *refusals,
        Figure("abgesagt", "cancelled", answers.cancelled, "rides"),
        Figure("nicht erschienen", "no-shows", answers.no_shows, "rides"),
        Figure(
            "Rückfahrt entfiel mit der Hinfahrt",
            "ways back dropped with the way there",
            answers.not_needed,
            "rides",
        ),
    )


def _times(measures: Measures) -> tuple[Figure, ...]:
    times = measures.times
    return (
        _minutes("Wunschzeit bis Abholung, Mittel", "wish to pickup, mean", times.wait_mean_s),
        _minutes("… neun von zehn höchstens", "… nine in ten at most", times.wait_p90_s),
        _minutes("Ankunft vor dem Termin, Mittel", "arrival before time, mean", times.early_mean_s),
        _minutes("Zeit im Fahrzeug, Mittel", "time aboard, mean", times.ride_mean_s),
        _minutes("direkte Fahrt, Mittel", "direct ride, mean", times.direct_mean_s),
        Figure("Umwegfaktor", "detour factor", times.detour_factor, "times direct", 2),
    )


def _promises(measures: Measures) -> tuple[Figure, ...]:
    kept = measures.kept
    return (
        _percent("Zusage ganz gehalten", "promise kept", kept.promise_share),
        _percent("im zugesagten Abholfenster", "within the pickup window", kept.window_share),
        _percent("bis zur zugesagten Ankunft", "by the promised arrival", kept.arrival_share),
        _percent("nicht länger im Fahrzeug", "no longer aboard", kept.ride_share),
        Figure("Warnungen „Zusage gefährdet“", "riders at risk", kept.at_risk, "rides"),
    )


def _vehicles(measures: Measures) -> tuple[Figure, ...]:
    driving = measures.driving
    return (
        Figure("Touren", "tours", driving.tours, "tours"),
        Figure("Dienststunden", "shift hours", driving.shift_s / 3600, "h", 1),
        Figure("davon unterwegs", "of them driving", driving.driving_s / 3600, "h", 1),
        Figure("gefahren", "driven", driving.driven_m / 1000, "km", 1),
        _percent("davon besetzt", "of them occupied", driving.occupied_share),
        Figure("Fahrgast-Kilometer", "passenger kilometres", driving.passenger_m / 1000, "km", 1),
        Figure(
            "Besetzung, Mittel", "occupancy, mean", driving.occupancy_mean, "persons per bus", 2
        ),
        _percent("Fahrten mit anderen zusammen", "rides shared", driving.pooled_share),
        Figure(
            "Fahrten je Dienststunde",
            "rides per shift hour",
            driving.rides_per_shift_hour,
            "rides per hour",
            2,
        ),
    )


def _percent(de: str, en: str, share: float) -> Figure:
    return Figure(de, en, 100 * share, "%", 1)


def _minutes(de: str, en: str, seconds: float) -> Figure:
    return Figure(de, en, seconds / 60, "min", 1)

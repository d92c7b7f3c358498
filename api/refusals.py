"""Why a ride is refused, in words a person can be told on the telephone."""

from collections.abc import Mapping

from dispatch.model import Rule
from dispatch.policy import Policy

_MINUTE = 60
_DAY = 86_400

_SENTENCES: Mapping[Rule, tuple[str, str]] = {
    Rule.NO_SHIFT: (
        "Zu dieser Zeit fährt kein Bus.",
        "No bus runs at that time.",
    ),
    Rule.TOO_SOON: (
        "Bitte mindestens {lead} Minuten vor der Fahrt bestellen.",
        "Please book at least {lead} minutes before the ride.",
    ),
    Rule.TOO_FAR_AHEAD: (
        "Fahrten können höchstens {horizon} Tage im Voraus bestellt werden.",
        "Rides can be booked at most {horizon} days ahead.",
    ),
    Rule.CLOSED_DAY: (
        "An diesem Tag fährt der Bürgerbus nicht.",
        "The bus does not run on that day.",
    ),
    Rule.OUTSIDE_AREA: (
        "Start oder Ziel liegt außerhalb unseres Gebiets.",
        "Start or destination lies outside our area.",
    ),
    Rule.UNREACHABLE: (
        "Zwischen Start und Ziel gibt es keine Straße, die der Bus befahren kann.",
        "No road the bus may use connects start and destination.",
    ),
    Rule.SAME_PLACE: (
        "Start und Ziel sind derselbe Ort.",
        "Start and destination are the same place.",
    ),
    Rule.ROOM: (
        "So viel Platz hat keiner unserer Busse.",
        "None of our buses has that much room.",
    ),
    Rule.TIME: (
        "Zur gewünschten Zeit passt die Fahrt in keine Tour.",
        "The ride fits into no tour at the time wished.",
    ),
    Rule.RIDE_TIME: (
        "Die Fahrt würde für jemanden im Bus zu lange dauern.",
        "Somebody aboard would have to ride for too long.",
    ),
    Rule.VEHICLES_BUSY: (
        "Zur gewünschten Zeit sind alle Busse belegt.",
        "All buses are busy at the time wished.",
    ),
}


def reasons(rule: Rule, policy: Policy) -> tuple[str, str]:
    """Return the reason in German and English, with the figures of the area's rules."""
    figures = {
        "lead": policy.lead_time_s // _MINUTE,
        "horizon": policy.booking_horizon_s // _DAY,
    }
    german, english = _SENTENCES[rule]
    return german.format(**figures), english.format(**figures)

"""Why a ride is refused, in words a person can be told on the telephone."""

from collections.abc import Mapping, Sequence

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
    Rule.CLOSURE: (
        "Zu dieser Zeit fährt der Bürgerbus dort ausnahmsweise nicht.",
        "By way of exception the bus does not run there at that time.",
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
        "So viel Platz ist zu dieser Zeit in keinem unserer Busse frei.",
        "None of our buses has that much room free at that time.",
    ),
    Rule.FEATURE: (
        "Keiner unserer Busse hat die nötige Ausstattung.",
        "None of our buses has the equipment needed.",
    ),
    Rule.TIME: (
        "Zur gewünschten Zeit passt die Fahrt in keine Tour.",
        "The ride fits into no tour at the time wished.",
    ),
    Rule.RIDE_TIME: (
        "Sie wären länger unterwegs, als eine Fahrt bei uns dauern darf.",
        "You would be aboard for longer than a ride may take.",
    ),
    Rule.VEHICLES_BUSY: (
        "Zur gewünschten Zeit sind alle Busse belegt.",
        "All buses are busy at the time wished.",
    ),
    Rule.RANGE: (
        "So weit reicht die Batterie des Busses nicht.",
        "The battery of the bus does not last that far.",
    ),
    Rule.DRIVING_TIME: (
        "Die Fahrerin oder der Fahrer säße zu lange am Steuer.",
        "The driver would be at the wheel for too long.",
    ),
    Rule.BREAK: (
        "Zu dieser Zeit ist Pause.",
        "That is the time of the driver's break.",
    ),
    Rule.STANDING_QUOTA: (
        "Der Platz für Dauerbestellungen ist zu dieser Zeit vergeben.",
        "The room for standing orders is taken at that time.",
    ),
    Rule.ALONE: (
        "Zur gewünschten Zeit kann der Bus niemanden allein fahren.",
        "No bus is free to carry one party alone at the time wished.",
    ),
    Rule.AFTER_OUTWARD: (
        "Die Rückfahrt beginnt erst nach der Ankunft der Hinfahrt.",
        "The way back begins after the arrival of the way there.",
    ),
    Rule.LINE_FIRST: (
        "Zu dieser Zeit fährt in Ihrer Nähe ein Linienbus oder Zug; der Bürgerbus fährt nicht daneben her.",
        "A public bus or train goes near you at that time; the citizen bus does not run beside it.",
    ),
}


_AFTER_DEADLINE = (
    "Bitte bis {deadline} Uhr am Tag vor der Fahrt bestellen.",
    "Please book by {deadline} on the day before the ride.",
)


_NO_LEAD_TIME = (
    "Das ist zu kurzfristig: Rechtzeitig ist kein Bus mehr da.",
    "That is too soon: no bus can be there in time.",
)


def reasons(rule: Rule, policy: Policy, also: Sequence[Rule] = ()) -> tuple[str, str]:
    """Return the reason in German and English, with the figures of the area's rules.

    Of rules that stand in the way only together all are named.
    """
    if rule is Rule.TIME and also:
        parts = [reasons(rule, policy), *(reasons(each, policy) for each in also)]
        german, english = (" ".join(sentences) for sentences in zip(*parts, strict=True))
        return german, english
    figures = {
        "lead": policy.lead_time_s // _MINUTE,
        "horizon": policy.booking_horizon_s // _DAY,
        "deadline": _clock(policy.deadline_s or 0),
    }
    german, english = _SENTENCES[rule]
    if rule is Rule.TOO_SOON and policy.deadline_s is not None:
        german, english = _AFTER_DEADLINE
    elif rule is Rule.TOO_SOON and not policy.lead_time_s:
        german, english = _NO_LEAD_TIME
    return german.format(**figures), english.format(**figures)


def _clock(time_s: int) -> str:
    return f"{time_s // 3600}:{time_s // _MINUTE % 60:02}"

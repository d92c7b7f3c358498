"""Riders, standing orders, feedback, messages, a person's data."""

from api.kinds.kind import kind

RIDERS = {
    "rider-unknown": kind(
        404,
        "Fahrgast unbekannt",
        "Unknown rider",
        "Diesen Fahrgast gibt es hier nicht.",
        "There is no such rider here.",
    ),
    "rider-exists": kind(
        409,
        "Fahrgast schon bekannt",
        "Rider exists",
        "Unter dieser Telefonnummer ist schon ein Fahrgast gespeichert.",
        "A rider is stored under this telephone number already.",
    ),
    "standing-order-unknown": kind(
        404,
        "Dauerauftrag unbekannt",
        "Unknown standing order",
        "Diesen Dauerauftrag gibt es hier nicht.",
        "There is no such standing order here.",
    ),
    "standing-order-ended": kind(
        409,
        "Dauerauftrag beendet",
        "Standing order ended",
        "Ein beendeter Dauerauftrag ändert sich nicht mehr; bitte einen neuen anlegen.",
        "A standing order that has ended does not change any more; please make a new one.",
    ),
    "task-unknown": kind(
        404,
        "Aufgabe unbekannt",
        "Unknown task",
        "Zu diesem Tag und dieser Richtung gibt es keine offene Aufgabe.",
        "There is no open task for this date and direction.",
    ),
    "feedback-unknown": kind(
        404,
        "Rückmeldung unbekannt",
        "Unknown feedback",
        "Diese Rückmeldung gibt es nicht.",
        "There is no such feedback.",
    ),
    "period-wrong": kind(
        422,
        "Zeitraum falsch",
        "Period wrong",
        "Der erste Tag darf nicht nach dem letzten liegen, und höchstens 366 Tage passen hinein.",
        "The first day must not be after the last one, and at most 366 days fit in.",
    ),
    "day-closed": kind(
        409,
        "Tag abgeschlossen",
        "Day closed",
        "Namen und Adressen dieses Tages sind gelöscht; an seinen Fahrten ändert sich nichts mehr.",
        "Names and addresses of this day are deleted; its rides do not change any more.",
    ),
    "message-unknown": kind(
        404,
        "Unbekannte Nachricht",
        "Unknown message",
        "Diese Nachricht gibt es nicht mehr.",
        "There is no such message any more.",
    ),
    "message-over": kind(
        409,
        "Nachricht schon erledigt",
        "Message over already",
        "Diese Nachricht ist schon unterwegs oder erledigt.",
        "This message is on its way already, or done.",
    ),
    "push-off": kind(
        404,
        "Keine Hinweise auf Geräten",
        "No notes on devices",
        "Dieser Dienst schickt keine Hinweise auf Geräte.",
        "This service sends no notes to devices.",
    ),
    "too-many-browsers": kind(
        409,
        "Zu viele Geräte",
        "Too many devices",
        "Für diese Fahrt bekommen schon fünf Geräte Hinweise.",
        "Five devices are told about this ride already.",
    ),
    "person-unknown": kind(
        404,
        "Nichts gespeichert",
        "Nothing stored",
        "Unter dieser Telefonnummer und diesem Namen ist nichts gespeichert.",
        "Nothing is stored under this telephone number and name.",
    ),
    "person-rides-ahead": kind(
        409,
        "Es gibt noch offene Fahrten",
        "Rides still ahead",
        "Bitte zuerst die Fahrten absagen, die noch kommen; Fahrten von heute lassen sich ab morgen, 7 Uhr, "
        "löschen. Es wurde nichts gelöscht.",
        "Please cancel the rides to come first; today's rides can be erased from 7 tomorrow. Nothing was "
        "erased.",
    ),
}

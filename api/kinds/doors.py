"""Ways in without an account: booking codes, tablets, keys of partners."""

from api.kinds.kind import kind

DOORS = {
    "too-many-tries": kind(
        429,
        "Zu viele Versuche",
        "Too many tries",
        "Das waren zu viele Versuche; bitte später noch einmal, oder rufen Sie uns an.",
        "These were too many tries; please try again later, or call us.",
    ),
    "ride-not-found": kind(
        404,
        "Keine Fahrt gefunden",
        "No ride found",
        "Zu diesen Angaben gibt es keine Fahrt; bitte Buchungsnummer und Telefonnummer prüfen.",
        "There is no ride for this; please check code and telephone number.",
    ),
    "enrolment-code-invalid": kind(
        422,
        "Code gilt nicht",
        "Code not valid",
        "Dieser Code gilt nicht oder nicht mehr: er gilt zehn Minuten und einmal.",
        "This code is not or no longer valid: it is good for ten minutes and once.",
    ),
    "device-unknown": kind(
        404,
        "Tablet unbekannt",
        "Unknown tablet",
        "Dieses Tablet ist hier nicht angemeldet.",
        "This tablet is not enrolled here.",
    ),
    "device-revoked": kind(
        401,
        "Tablet gesperrt",
        "Tablet locked out",
        "Dieses Tablet wurde gesperrt; Fahrgastdaten darauf werden gelöscht.",
        "This tablet was locked out; riders' data on it are deleted.",
    ),
    "device-lost": kind(
        409,
        "Tablet ist gesperrt",
        "Tablet is locked out",
        "Dieses Tablet ist gesperrt; bitte melden Sie es als neues Tablet an.",
        "This tablet is locked out; please enrol it as a new one.",
    ),
    "pin-needed": kind(
        401,
        "PIN nötig",
        "PIN needed",
        "Bitte mit der PIN des Tablets anmelden.",
        "Please sign in with the tablet's PIN.",
    ),
    "pin-wrong": kind(
        422,
        "PIN falsch",
        "Wrong PIN",
        "Diese PIN ist falsch.",
        "This PIN is wrong.",
    ),
    "pin-locked": kind(
        429,
        "Tablet wartet",
        "Tablet waits",
        "Die PIN war zu oft falsch; bitte warten, oder die Leitstelle entsperrt das Tablet.",
        "The PIN was wrong too often; please wait, or ask dispatch to unlock the tablet.",
    ),
    "driver-not-here": kind(
        422,
        "Name unbekannt",
        "Unknown driver",
        "Unter diesem Namen fährt hier niemand.",
        "Nobody drives here under this name.",
    ),
    "key-invalid": kind(
        401,
        "Schlüssel ungültig",
        "Invalid key",
        "Diesen Schlüssel gibt es nicht, oder er wurde gesperrt.",
        "There is no such key, or it was revoked.",
    ),
    "key-unknown": kind(
        404,
        "Schlüssel unbekannt",
        "Unknown key",
        "Diesen Schlüssel gibt es nicht.",
        "There is no such key.",
    ),
    "key-shown": kind(
        409,
        "Schlüssel schon gezeigt",
        "Key shown already",
        "Dieser Schlüssel ist schon angelegt und wird nur einmal gezeigt.",
        "This key exists already and is shown once only.",
    ),
}

"""Everything that can go wrong at the edge: one table of codes, each with its German and English words.

Problem             an answer other than the wished one, as RFC 9457 describes it
StoreError          (api.store.errors) the database cannot be used
SettingsError       (api.settings) the server must not start like this
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatch.errors import DispatchError
from routing.errors import RoutingError


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table: HTTP status, and title and sentence in both languages."""

    status: int
    titles: tuple[str, str]
    sentences: tuple[str, str]


_ENGLISH = 1
_LANGUAGES = {"de": 0, "en": _ENGLISH}


def _kind(status: int, de: str, en: str, sentence_de: str, sentence_en: str) -> Kind:
    return Kind(status=status, titles=(de, en), sentences=(sentence_de, sentence_en))


KINDS: Mapping[str, Kind] = {
    # --- the request itself ---
    "bad-request": _kind(
        400,
        "Unverständliche Anfrage",
        "Bad request",
        "Die Anfrage war nicht zu verstehen.",
        "The request could not be understood.",
    ),
    "json-malformed": _kind(
        400,
        "Kein gültiges JSON",
        "Malformed JSON",
        "Der Inhalt der Anfrage ist kein gültiges JSON.",
        "The body of the request is no valid JSON.",
    ),
    "host-unknown": _kind(
        400,
        "Unbekannter Rechnername",
        "Unknown host",
        "Unter diesem Namen antwortet der Dienst nicht; er gehört in trusted_hosts.",
        "The service does not answer under this name; add it to trusted_hosts.",
    ),
    "idempotency-key-missing": _kind(
        400,
        "Idempotency-Key fehlt",
        "Idempotency-Key missing",
        "Bitte einen zufälligen Idempotency-Key mitsenden, damit nichts doppelt gebucht wird.",
        "Send a random Idempotency-Key so that nothing is booked twice.",
    ),
    "idempotency-key-invalid": _kind(
        400,
        "Idempotency-Key ungültig",
        "Idempotency-Key invalid",
        "Ein Idempotency-Key hat 1 bis 255 druckbare ASCII-Zeichen.",
        "An Idempotency-Key has 1 to 255 printable ASCII characters.",
    ),
    "idempotency-key-reused": _kind(
        422,
        "Idempotency-Key schon benutzt",
        "Idempotency-Key reused",
        "Dieser Schlüssel gehört schon zu einer anderen Anfrage.",
        "This key already belongs to a different request.",
    ),
    "idempotency-in-flight": _kind(
        409,
        "Anfrage läuft noch",
        "Request under way",
        "Dieselbe Anfrage wird gerade bearbeitet; bitte in einer Sekunde noch einmal senden.",
        "The same request is being worked on; send it again in a second.",
    ),
    "invalid": _kind(
        422,
        "Angaben unvollständig oder falsch",
        "Invalid request",
        "Bitte die genannten Angaben prüfen.",
        "Please check the fields named in errors.",
    ),
    "unauthorized": _kind(
        401,
        "Anmeldung nötig",
        "Sign-in required",
        "Diese Seite ist für Mitarbeitende: bitte anmelden.",
        "This is for staff: please sign in.",
    ),
    "account-missing": _kind(
        403,
        "Noch kein Konto",
        "No account yet",
        "Über einen Proxy öffnet sich diese Seite erst, wenn es ein Konto gibt (buergerbus account add).",
        "Through a proxy this opens only once there is an account (buergerbus account add).",
    ),
    "password-must-change": _kind(
        403,
        "Eigenes Passwort nötig",
        "Own password needed",
        "Bitte zuerst unter /konto ein eigenes Passwort wählen.",
        "Please choose a password of your own at /konto first.",
    ),
    "password-differs": _kind(
        422,
        "Passwörter verschieden",
        "Passwords differ",
        "Die beiden neuen Passwörter sind nicht gleich.",
        "The two new passwords are not the same.",
    ),
    "password-weak": _kind(
        422,
        "Passwort zu einfach",
        "Password too weak",
        "Bitte ein Passwort mit 12 bis 128 Zeichen wählen, das nicht aus dem Namen besteht.",
        "Choose a password of 12 to 128 characters that is not made of the name.",
    ),
    "login-invalid": _kind(
        422,
        "Name ungültig",
        "Name invalid",
        "Bitte einen Namen und eine E-Mail-Adresse (oder einen Kurznamen ohne Leerzeichen) angeben.",
        "Give a name and an e-mail address (or a user name without spaces).",
    ),
    "login-taken": _kind(
        409,
        "Konto gibt es schon",
        "Account exists",
        "Ein Konto mit dieser Anmeldung gibt es schon.",
        "There is an account with this login already.",
    ),
    "operator-unknown": _kind(
        422,
        "Träger unbekannt",
        "Operator unknown",
        "Bitte einen der Träger nennen, die dieser Dienst hat.",
        "Name one of the operators of this service.",
    ),
    "account-unknown": _kind(
        404,
        "Konto unbekannt",
        "Account unknown",
        "Dieses Konto gibt es nicht.",
        "There is no such account.",
    ),
    "administrator-first": _kind(
        409,
        "Zuerst die Verwaltung",
        "Administrator first",
        "Das erste Konto muss eines für die Verwaltung sein.",
        "The first account must be an administrator's.",
    ),
    "last-administrator": _kind(
        409,
        "Letztes Verwaltungskonto",
        "Last administrator",
        "Mindestens ein Konto für die Verwaltung muss bleiben.",
        "At least one administrator's account must stay.",
    ),
    "session-unknown": _kind(
        404,
        "Gerät unbekannt",
        "Device unknown",
        "Diese Anmeldung ist schon beendet.",
        "This session has ended already.",
    ),
    "second-factor-there": _kind(
        409,
        "Zweiter Schritt schon eingerichtet",
        "Second factor already set up",
        "Der zweite Schritt ist schon eingerichtet; erst muss ihn jemand mit Konten-Recht zurücksetzen.",
        "There is a second factor already; somebody who manages accounts must reset it first.",
    ),
    "sign-in-wrong": _kind(
        401,
        "Anmeldung falsch",
        "Sign-in wrong",
        "Name, Passwort oder Code stimmen nicht.",
        "Name, password or code are wrong.",
    ),
    "sign-in-locked": _kind(
        429,
        "Zu viele Versuche",
        "Too many tries",
        "Nach zu vielen falschen Versuchen ist die Anmeldung eine Zeit lang gesperrt.",
        "After too many wrong tries signing in is locked for a while.",
    ),
    "https-needed": _kind(
        403,
        "Verschlüsselung nötig",
        "Encryption needed",
        "Anmelden geht nur über eine Adresse, die mit https beginnt.",
        "Signing in works at an address that begins with https only.",
    ),
    "forbidden": _kind(
        403,
        "Nicht erlaubt",
        "Forbidden",
        "Dazu fehlt die Berechtigung.",
        "You may not do this.",
    ),
    "cross-site": _kind(
        403,
        "Anfrage einer fremden Seite",
        "Cross-site request",
        "Änderungen werden nur von den eigenen Seiten des Dienstes angenommen.",
        "Changes are accepted from the service's own pages only.",
    ),
    "not-found": _kind(
        404,
        "Nicht gefunden",
        "Not found",
        "Diese Seite gibt es nicht.",
        "There is nothing here.",
    ),
    "method-not-allowed": _kind(
        405,
        "Methode nicht erlaubt",
        "Method not allowed",
        "Diese Adresse versteht diese Methode nicht.",
        "This address does not support this method.",
    ),
    "too-large": _kind(
        413,
        "Anfrage zu groß",
        "Request too large",
        "Der Inhalt der Anfrage ist größer als 64 KiB.",
        "The body of the request exceeds 64 KiB.",
    ),
    "internal": _kind(
        500,
        "Fehler im Dienst",
        "Internal error",
        "Da ist etwas schiefgegangen. Es wurde nichts geändert; bitte noch einmal versuchen.",
        "Something went wrong. Nothing was changed; please try again.",
    ),
    "busy": _kind(
        503,
        "Gerade ausgelastet",
        "Busy",
        "Die Datenbank ist gerade belegt. Es wurde nichts geändert; bitte gleich noch einmal.",
        "The database is busy. Nothing was changed; please try again shortly.",
    ),
    "storage-full": _kind(
        503,
        "Kein Platz zum Speichern",
        "Storage full",
        "Gerade kann nichts gespeichert werden. Es wurde nichts geändert; bitte später noch einmal.",
        "Nothing can be stored at the moment. Nothing was changed; please try again later.",
    ),
    # --- ways in without an account ---
    "too-many-tries": _kind(
        429,
        "Zu viele Versuche",
        "Too many tries",
        "Das waren zu viele Versuche; bitte später noch einmal, oder rufen Sie uns an.",
        "These were too many tries; please try again later, or call us.",
    ),
    "ride-not-found": _kind(
        404,
        "Keine Fahrt gefunden",
        "No ride found",
        "Zu diesen Angaben gibt es keine Fahrt; bitte Buchungsnummer und Telefonnummer prüfen.",
        "There is no ride for this; please check code and telephone number.",
    ),
    "enrolment-code-invalid": _kind(
        422,
        "Code gilt nicht",
        "Code not valid",
        "Dieser Code gilt nicht oder nicht mehr: er gilt zehn Minuten und einmal.",
        "This code is not or no longer valid: it is good for ten minutes and once.",
    ),
    "device-unknown": _kind(
        404,
        "Tablet unbekannt",
        "Unknown tablet",
        "Dieses Tablet ist hier nicht angemeldet.",
        "This tablet is not enrolled here.",
    ),
    "device-revoked": _kind(
        401,
        "Tablet gesperrt",
        "Tablet locked out",
        "Dieses Tablet wurde gesperrt; Fahrgastdaten darauf werden gelöscht.",
        "This tablet was locked out; riders' data on it are deleted.",
    ),
    "device-lost": _kind(
        409,
        "Tablet ist gesperrt",
        "Tablet is locked out",
        "Dieses Tablet ist gesperrt; bitte melden Sie es als neues Tablet an.",
        "This tablet is locked out; please enrol it as a new one.",
    ),
    "pin-needed": _kind(
        401,
        "PIN nötig",
        "PIN needed",
        "Bitte mit der PIN des Tablets anmelden.",
        "Please sign in with the tablet's PIN.",
    ),
    "pin-wrong": _kind(
        422,
        "PIN falsch",
        "Wrong PIN",
        "Diese PIN ist falsch.",
        "This PIN is wrong.",
    ),
    "pin-locked": _kind(
        429,
        "Tablet wartet",
        "Tablet waits",
        "Die PIN war zu oft falsch; bitte warten, oder die Leitstelle entsperrt das Tablet.",
        "The PIN was wrong too often; please wait, or ask dispatch to unlock the tablet.",
    ),
    "driver-not-here": _kind(
        422,
        "Name unbekannt",
        "Unknown driver",
        "Unter diesem Namen fährt hier niemand.",
        "Nobody drives here under this name.",
    ),
    "key-invalid": _kind(
        401,
        "Schlüssel ungültig",
        "Invalid key",
        "Diesen Schlüssel gibt es nicht, oder er wurde gesperrt.",
        "There is no such key, or it was revoked.",
    ),
    "key-unknown": _kind(
        404,
        "Schlüssel unbekannt",
        "Unknown key",
        "Diesen Schlüssel gibt es nicht.",
        "There is no such key.",
    ),
    "key-shown": _kind(
        409,
        "Schlüssel schon gezeigt",
        "Key shown already",
        "Dieser Schlüssel ist schon angelegt und wird nur einmal gezeigt.",
        "This key exists already and is shown once only.",
    ),
    # --- the service ---
    "area-unknown": _kind(
        404,
        "Gebiet unbekannt",
        "Unknown area",
        "Dieses Bedienungsgebiet gibt es hier nicht.",
        "There is no such service area here.",
    ),
    "date-out-of-range": _kind(
        422,
        "Tag außerhalb des Kalenders",
        "Date out of range",
        "Der Tag muss zwischen den Jahren 2000 und 2100 liegen.",
        "The date must lie between the years 2000 and 2100.",
    ),
    "address-unknown": _kind(
        422,
        "Adresse nicht gefunden",
        "Address not found",
        "Diese Adresse wurde nicht gefunden; bitte Ort und Straße prüfen.",
        "This address was not found; please check town and street.",
    ),
    "address-unclear": _kind(
        422,
        "Adresse nicht eindeutig",
        "Address ambiguous",
        "Zu dieser Adresse gibt es mehrere Orte, oder die Hausnummer fehlt; bitte einen Ort auswählen.",
        "Several places match this address, or the house number is missing; please choose a place.",
    ),
    "no-road": _kind(
        422,
        "Keine Straße in der Nähe",
        "No road nearby",
        "Dorthin führt keine Straße, die der Bus befahren kann.",
        "No road the bus may use leads there.",
    ),
    "phone-invalid": _kind(
        422,
        "Telefonnummer ungültig",
        "Invalid phone number",
        "Diese Telefonnummer kann nicht stimmen; bitte mit Vorwahl angeben.",
        "This phone number cannot be right; please give it with its area code.",
    ),
    "offer-invalid": _kind(
        422,
        "Angebot ungültig",
        "Invalid offer",
        "Dieses Angebot stammt nicht von diesem Dienst; bitte neu anfragen.",
        "This offer was not made by this service; please ask again.",
    ),
    "offer-expired": _kind(
        409,
        "Angebot abgelaufen",
        "Offer expired",
        "Das Angebot galt 15 Minuten; hier sind die jetzigen Möglichkeiten.",
        "The offer was good for 15 minutes; here is what is possible now.",
    ),
    "offer-gone": _kind(
        409,
        "Angebot vergeben",
        "Offer gone",
        "Jemand war schneller; hier sind die jetzigen Möglichkeiten.",
        "Somebody else was faster; here is what is possible now.",
    ),
    "journey-gone": _kind(
        409,
        "Reise nicht mehr möglich",
        "Journey gone",
        "Diese Reise ist so nicht mehr frei, und nichts wurde gebucht. Bitte noch einmal suchen.",
        "This journey is no longer free, and nothing was booked. Please search again.",
    ),
    "offer-taken": _kind(
        409,
        "Angebot schon angenommen",
        "Offer already taken",
        "Aus dieser Anfrage ist schon eine Buchung geworden.",
        "This request has already become a booking.",
    ),
    "booking-unknown": _kind(
        404,
        "Buchung unbekannt",
        "Unknown booking",
        "Diese Buchung gibt es nicht.",
        "There is no such booking.",
    ),
    "cancel-too-late": _kind(
        409,
        "Stornieren nicht mehr möglich",
        "Too late to cancel",
        "Die Fahrt hat schon begonnen oder ist vorbei.",
        "The ride has begun or is over.",
    ),
    "day-closed": _kind(
        409,
        "Tag abgeschlossen",
        "Day closed",
        "Namen und Adressen dieses Tages sind gelöscht; an seinen Fahrten ändert sich nichts mehr.",
        "Names and addresses of this day are deleted; its rides do not change any more.",
    ),
    "message-unknown": _kind(
        404,
        "Unbekannte Nachricht",
        "Unknown message",
        "Diese Nachricht gibt es nicht mehr.",
        "There is no such message any more.",
    ),
    "message-over": _kind(
        409,
        "Nachricht schon erledigt",
        "Message over already",
        "Diese Nachricht ist schon unterwegs oder erledigt.",
        "This message is on its way already, or done.",
    ),
    "push-off": _kind(
        404,
        "Keine Hinweise auf Geräten",
        "No notes on devices",
        "Dieser Dienst schickt keine Hinweise auf Geräte.",
        "This service sends no notes to devices.",
    ),
    "too-many-browsers": _kind(
        409,
        "Zu viele Geräte",
        "Too many devices",
        "Für diese Fahrt bekommen schon fünf Geräte Hinweise.",
        "Five devices are told about this ride already.",
    ),
    "person-unknown": _kind(
        404,
        "Nichts gespeichert",
        "Nothing stored",
        "Unter dieser Telefonnummer und diesem Namen ist nichts gespeichert.",
        "Nothing is stored under this telephone number and name.",
    ),
    "person-rides-ahead": _kind(
        409,
        "Es gibt noch offene Fahrten",
        "Rides still ahead",
        "Bitte zuerst die Fahrten absagen, die noch kommen; Fahrten von heute lassen sich ab morgen, 7 Uhr, "
        "löschen. Es wurde nichts gelöscht.",
        "Please cancel the rides to come first; today's rides can be erased from 7 tomorrow. Nothing was "
        "erased.",
    ),
    "tour-unknown": _kind(
        404,
        "Tour unbekannt",
        "Unknown tour",
        "Diese Tour gibt es nicht.",
        "There is no such tour.",
    ),
    "visit-unknown": _kind(
        404,
        "Halt unbekannt",
        "Unknown halt",
        "Diesen Halt gibt es in der Tour nicht mehr.",
        "This halt is not, or no longer, part of the tour.",
    ),
    "report-impossible": _kind(
        409,
        "Meldung passt nicht",
        "Report impossible",
        "Diese Meldung passt nicht zum Stand der Tour.",
        "This report does not fit the state of the tour.",
    ),
    "plan-refused": _kind(
        500,
        "Fahrplan verworfen",
        "Plan refused",
        "Der neue Fahrplan hat die Prüfung nicht bestanden. Es wurde nichts geändert.",
        "The new plan failed its check. Nothing was changed.",
    ),
    "feed-impossible": _kind(
        422,
        "Keine Fahrplandaten möglich",
        "Feed impossible",
        "Aus diesen Gebieten lassen sich keine Fahrplandaten machen; reason nennt den Grund.",
        "These areas cannot be given as a feed; reason says why.",
    ),
    "map-missing": _kind(
        404,
        "Keine Karte",
        "No map",
        "Für dieses Gebiet wurde keine Karte vorbereitet.",
        "No map was prepared for this area.",
    ),
    # --- the roster ---
    "version-missing": _kind(
        428,
        "If-Match fehlt",
        "If-Match missing",
        "Bitte in If-Match mitsenden, welche Version geändert werden soll.",
        "Send in If-Match which version is to be changed.",
    ),
    "changed-meanwhile": _kind(
        412,
        "Inzwischen geändert",
        "Changed meanwhile",
        "Jemand anderes hat das inzwischen geändert; bitte neu laden und noch einmal entscheiden.",
        "Somebody else has changed this meanwhile; load it again and decide anew.",
    ),
    "cursor-invalid": _kind(
        422,
        "Ungültige Fortsetzung",
        "Cursor invalid",
        "Diese Fortsetzung gehört zu keiner solchen Liste; bitte von vorn beginnen.",
        "This cursor belongs to no such list; begin at the start.",
    ),
    "shift-unknown": _kind(
        404,
        "Schicht unbekannt",
        "Shift unknown",
        "Eine Schicht mit dieser Nummer gibt es nicht.",
        "There is no shift with this id.",
    ),
    "shift-withdrawn": _kind(
        409,
        "Schicht zurückgezogen",
        "Shift withdrawn",
        "Diese Schicht wird nicht gefahren.",
        "This shift is not driven.",
    ),
    "shift-not-withdrawn": _kind(
        409,
        "Schicht wird gefahren",
        "Shift not withdrawn",
        "Diese Schicht wird schon gefahren.",
        "This shift is driven already.",
    ),
    "shift-taken": _kind(
        409,
        "Schicht schon vergeben",
        "Shift taken",
        "Diese Schicht hat schon jemand übernommen.",
        "Somebody has taken this shift already.",
    ),
    "shift-not-yours": _kind(
        409,
        "Schicht einer anderen Person",
        "Shift of somebody else",
        "Diese Schicht fährt jemand anderes.",
        "Somebody else drives this shift.",
    ),
    "shift-begun": _kind(
        409,
        "Schicht hat begonnen",
        "Shift has begun",
        "Die Schicht hat schon begonnen; bitte die Leitstelle anrufen.",
        "The shift has begun already; call the control room.",
    ),
    "give-back-too-late": _kind(
        409,
        "Zu spät zum Zurückgeben",
        "Too late to give back",
        "Zum Zurückgeben ist es zu spät; bitte eine Vertretung suchen oder die Leitstelle anrufen.",
        "It is too late to give it back; look for a substitute or call the control room.",
    ),
    "shift-has-riders": _kind(
        409,
        "Fahrgäste gebucht",
        "Riders booked",
        "In dieser Schicht sind Fahrgäste gebucht; sie braucht eine Vertretung.",
        "Riders are booked on this shift; it needs a substitute.",
    ),
    "shift-overlap": _kind(
        409,
        "Schichten überschneiden sich",
        "Shifts overlap",
        "Fahrzeug oder Person ist zu dieser Zeit schon in einer anderen Schicht.",
        "The vehicle or the driver is in another shift at that time.",
    ),
    "shift-times": _kind(
        422,
        "Zeiten der Schicht",
        "Times of the shift",
        "Die Schicht muss später enden, als sie beginnt.",
        "The shift must end later than it begins.",
    ),
    "shift-past": _kind(
        409,
        "Schicht vorbei",
        "Shift over",
        "Die Schicht wäre schon vorbei.",
        "The shift would be over already.",
    ),
    "vehicle-unknown": _kind(
        404,
        "Fahrzeug unbekannt",
        "Vehicle unknown",
        "Ein Fahrzeug mit dieser Nummer gibt es nicht.",
        "There is no vehicle with this id.",
    ),
    "vehicle-out": _kind(
        409,
        "Fahrzeug außer Dienst",
        "Vehicle out of service",
        "Das Fahrzeug ist zu dieser Zeit außer Dienst.",
        "The vehicle is out of service at that time.",
    ),
    "outage-unknown": _kind(
        404,
        "Ausfall unbekannt",
        "Outage unknown",
        "Ein Ausfall mit dieser Nummer ist nicht bekannt.",
        "There is no outage with this id.",
    ),
    "closure-unknown": _kind(
        404,
        "Sperrung unbekannt",
        "Closure unknown",
        "Eine Sperrung mit dieser Nummer gibt es nicht.",
        "There is no closure with this id.",
    ),
    "closure-place": _kind(
        422,
        "Fläche ungültig",
        "Area invalid",
        "Die Fläche der Sperrung überschneidet sich selbst.",
        "The polygon of the closure crosses itself.",
    ),
    "driver-unknown": _kind(
        404,
        "Person unbekannt",
        "Driver unknown",
        "Eine Fahrerin oder ein Fahrer mit dieser Nummer ist nicht bekannt.",
        "There is no driver with this id.",
    ),
    "driver-exists": _kind(
        409,
        "Name schon vergeben",
        "Name taken",
        "So heißt schon jemand; bitte einen Zusatz wie „jun.“ anfügen.",
        "Somebody has this name already; add something such as “jun.”.",
    ),
    "driver-inactive": _kind(
        409,
        "Person fährt nicht mehr",
        "Driver not active",
        "Diese Person fährt zurzeit nicht.",
        "This driver does not drive at present.",
    ),
    "driver-vehicle": _kind(
        409,
        "Darf dieses Fahrzeug nicht fahren",
        "May not drive this vehicle",
        "Diese Person darf dieses Fahrzeug nicht fahren.",
        "This driver may not drive this vehicle.",
    ),
    "driver-licence": _kind(
        409,
        "Fahrerlaubnis abgelaufen",
        "Licence expired",
        "Die Fahrerlaubnis gilt an diesem Tag nicht mehr.",
        "The licence is no longer valid on that day.",
    ),
    "driver-busy": _kind(
        409,
        "Fährt zu dieser Zeit schon",
        "Drives already",
        "Diese Person fährt zu dieser Zeit schon eine andere Schicht.",
        "This driver has another shift at that time.",
    ),
    "driver-rest": _kind(
        409,
        "Ruhezeit zu kurz",
        "Rest too short",
        "Zwischen den Schichten zweier Tage bliebe zu wenig Ruhezeit.",
        "Too little rest would be left between the shifts of two days.",
    ),
    "driver-hours": _kind(
        409,
        "Zu viele Stunden",
        "Too many hours",
        "Das wären mehr Stunden in der Woche, als der Verein erlaubt.",
        "These would be more hours a week than the association allows.",
    ),
}

_BY_STATUS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    422: "invalid",
}
_SERVER_ERROR = 500


class Problem(Exception):
    """An answer other than the wished one.

    Parameters
    ----------
    code
        A key of :data:`KINDS`.
    extra
        Further members of the problem document, such as ``alternatives``.
    headers
        Further response headers.
    """

    def __init__(
        self,
        code: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.kind = KINDS[code]
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.kind.status

    def title(self, language: str) -> str:
        """Short name in ``de`` or ``en``."""
        return self.kind.titles[_LANGUAGES.get(language, 0)]

    def detail(self, language: str) -> str:
        """One sentence in ``de`` or ``en``: what is wrong and what to do."""
        return self.kind.sentences[_LANGUAGES.get(language, 0)]


def problem_of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem for an HTTP status raised by the framework."""
    fallback = "internal" if status >= _SERVER_ERROR else "bad-request"
    return Problem(_BY_STATUS.get(status, fallback), headers=headers)


def problem_of_core(error: RoutingError | DispatchError) -> Problem:
    """Return the problem for an error of the core: its code if the table knows it, else 500."""
    return Problem(error.code if error.code in KINDS else "internal")

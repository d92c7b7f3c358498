"""Tours, plans, what is given to others."""

from api.kinds.kind import kind

TOURS = {
    "tour-unknown": kind(
        404,
        "Tour unbekannt",
        "Unknown tour",
        "Diese Tour gibt es nicht.",
        "There is no such tour.",
    ),
    "visit-unknown": kind(
        404,
        "Halt unbekannt",
        "Unknown halt",
        "Diesen Halt gibt es in der Tour nicht mehr.",
        "This halt is not, or no longer, part of the tour.",
    ),
    "report-impossible": kind(
        409,
        "Meldung passt nicht",
        "Report impossible",
        "Diese Meldung passt nicht zum Stand der Tour.",
        "This report does not fit the state of the tour.",
    ),
    "plan-refused": kind(
        500,
        "Fahrplan verworfen",
        "Plan refused",
        "Der neue Fahrplan hat die Prüfung nicht bestanden. Es wurde nichts geändert.",
        "The new plan failed its check. Nothing was changed.",
    ),
    "feed-impossible": kind(
        422,
        "Keine Fahrplandaten möglich",
        "Feed impossible",
        "Aus diesen Gebieten lassen sich keine Fahrplandaten machen; reason nennt den Grund.",
        "These areas cannot be given as a feed; reason says why.",
    ),
    "map-missing": kind(
        404,
        "Keine Karte",
        "No map",
        "Für dieses Gebiet wurde keine Karte vorbereitet.",
        "No map was prepared for this area.",
    ),
}

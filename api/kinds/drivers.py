"""Drivers and why one may not drive."""

from api.kinds.kind import kind

DRIVERS = {
    "driver-unknown": kind(
        404,
        "Person unbekannt",
        "Driver unknown",
        "Eine Fahrerin oder ein Fahrer mit dieser Nummer ist nicht bekannt.",
        "There is no driver with this id.",
    ),
    "driver-exists": kind(
        409,
        "Name schon vergeben",
        "Name taken",
        "So heißt schon jemand; bitte einen Zusatz wie „jun.“ anfügen.",
        "Somebody has this name already; add something such as “jun.”.",
    ),
    "driver-inactive": kind(
        409,
        "Person fährt nicht mehr",
        "Driver not active",
        "Diese Person fährt zurzeit nicht.",
        "This driver does not drive at present.",
    ),
    "driver-vehicle": kind(
        409,
        "Darf dieses Fahrzeug nicht fahren",
        "May not drive this vehicle",
        "Diese Person darf dieses Fahrzeug nicht fahren.",
        "This driver may not drive this vehicle.",
    ),
    "driver-licence": kind(
        409,
        "Fahrerlaubnis abgelaufen",
        "Licence expired",
        "Die Fahrerlaubnis gilt an diesem Tag nicht mehr.",
        "The licence is no longer valid on that day.",
    ),
    "driver-busy": kind(
        409,
        "Fährt zu dieser Zeit schon",
        "Drives already",
        "Diese Person fährt zu dieser Zeit schon eine andere Schicht.",
        "This driver has another shift at that time.",
    ),
    "driver-rest": kind(
        409,
        "Ruhezeit zu kurz",
        "Rest too short",
        "Zwischen den Schichten zweier Tage bliebe zu wenig Ruhezeit.",
        "Too little rest would be left between the shifts of two days.",
    ),
    "driver-hours": kind(
        409,
        "Zu viele Stunden",
        "Too many hours",
        "Das wären mehr Stunden in der Woche, als der Verein erlaubt.",
        "These would be more hours a week than the association allows.",
    ),
}

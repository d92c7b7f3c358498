"""Reading vehicles, shifts and their breaks from an area file."""

from collections.abc import Sequence

from dispatch.model import (
    LOAD_KINDS,
    Feature,
    Limit,
    LoadKind,
    Vehicle,
    VehicleId,
    load_of,
)
from regions.area_fields import Fields
from regions.patterns import AreaStop, BreakPattern, ShiftPattern

WEEKDAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_MINUTE = 60
_DAY_MIN = 24 * 60
_LONGEST_RANGE_KM = 2_000


def read_vehicle(table: Fields) -> Vehicle:
    """Return the vehicle of a table; its room becomes linear limits over load kinds."""
    seats = table.integer("seats", 8, 1, 60)
    per_wheelchair = table.integer("seats_per_wheelchair", 2, 0, 20)
    at_most = {
        LoadKind.WHEELCHAIR: table.integer("wheelchairs", 0, 0, 20),
        LoadKind.WALKER: table.integer("walkers", seats, 0, 60),
        LoadKind.PRAM: table.integer("prams", seats, 0, 60),
        LoadKind.CHILD_SEAT: table.integer("child_seats", 0, 0, 60),
        LoadKind.LUGGAGE: table.integer("luggage", seats, 0, 200),
        LoadKind.PARCEL: table.integer("parcels", 0, 0, 200),
    }
    limits = [Limit(load_of(seat=1, child_seat=1, wheelchair=per_wheelchair), seats)]
    limits += [
        Limit(tuple(int(k is kind) for k in LOAD_KINDS), limit) for kind, limit in at_most.items()
    ]
    table.refuse_unknown(
        "id name seats seats_per_wheelchair wheelchairs walkers prams child_seats luggage parcels "
        "features range_km"
    )
    return Vehicle(
        id=VehicleId(table.slug("id")),
        name=table.text("name"),
        limits=tuple(limits),
        features=_features(table),
        range_m=_range_m(table),
    )


def read_shift(
    table: Fields, vehicles: Sequence[Vehicle], stops: Sequence[AreaStop]
) -> ShiftPattern:
    """Return the shift of a table; ``vehicles`` and ``stops`` are those of the file."""
    name = table.text("vehicle")
    vehicle = next((each for each in vehicles if each.id == name), None)
    if vehicle is None:
        raise table.error("vehicle", f"is {name!r}, but no [[vehicles]] has that id")
    start_s, end_s = table.clock("start"), table.clock("end")
    if end_s <= start_s:
        raise table.error("end", "must be later than start")
    start = read_stop(table.table("from"), "from")
    shift = ShiftPattern(
        id=table.slug("id"),
        vehicle=name,
        driver=table.text("driver") if table.has("driver") else "",
        weekdays=table.weekdays("days", WEEKDAYS),
        start_s=start_s,
        end_s=end_s,
        start=start,
        end=read_stop(table.table("to"), "to") if table.has("to") else start,
        breaks=tuple(_break(row, stops) for row in table.tables("breaks")),
        driving_at_most_s=_driving_at_most_s(table),
    )
    table.refuse_unknown("id vehicle driver days start end from to breaks driving_at_most_min")
    _check_breaks(table, shift, vehicle)
    return shift


def read_stop(table: Fields, stop_id: str) -> AreaStop:
    """Return the stop or depot of a table."""
    lon, lat = table.position()
    return AreaStop(id=stop_id, name=table.text("name"), lon=lon, lat=lat)


def _driving_at_most_s(table: Fields) -> int | None:
    if not table.has("driving_at_most_min"):
        return None
    return table.integer("driving_at_most_min", 0, 1, _DAY_MIN) * _MINUTE


def _features(table: Fields) -> frozenset[Feature]:
    names = table.texts("features")
    known = [feature.value for feature in Feature]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise table.error("features", f"must list some of {', '.join(known)}; unknown: {unknown}")
    return frozenset(Feature(name) for name in names)


def _range_m(table: Fields) -> int | None:
    if not table.has("range_km"):
        return None
    range_km = table.number("range_km")
    if not 0 < range_km <= _LONGEST_RANGE_KM:
        raise table.error(
            "range_km", f"is {range_km:g}, it must lie between 0 and {_LONGEST_RANGE_KM}"
        )
    return round(range_km * 1_000)


def _break(table: Fields, stops: Sequence[AreaStop]) -> BreakPattern:
    minutes = table.integer("minutes", table.get("minutes", int), 1, _DAY_MIN)
    from_s, until_s = table.clock("from"), table.clock("until")
    if until_s - from_s < minutes * _MINUTE:
        raise table.error("until", f"must be at least {minutes} minutes later than from")
    name = table.text("at") if table.has("at") else None
    at = next((stop for stop in stops if stop.id == name), None)
    if name is not None and at is None:
        raise table.error("at", f"is {name!r}, but no [[stops]] has that id")
    charges = table.get("charges", bool, default=False)
    table.refuse_unknown("minutes from until at charges")
    return BreakPattern(minutes * _MINUTE, from_s, until_s, at, charges)


def _check_breaks(table: Fields, shift: ShiftPattern, vehicle: Vehicle) -> None:
    """Refuse breaks that do not fit into the shift one after the other, or charge nothing."""
    free_s = shift.start_s
    for number, pause in enumerate(shift.breaks, start=1):
        free_s = max(free_s, pause.from_s) + pause.seconds
        if free_s > min(pause.until_s, shift.end_s):
            raise table.error(
                "breaks", f"do not fit in their order: no room for number {number} within the shift"
            )
        if pause.charges and vehicle.range_m is None:
            raise table.error(
                "breaks", f"charge {vehicle.name} in number {number}, but it has no range_km"
            )

"""What a caller hears: stops near the door, why not, and what would be possible instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dispatch.model import Feature
from regions.area import Area, Service
from regions.patterns import AreaStop
from regions.region import Region

MONDAY = date(2026, 3, 30)
SUNDAY = date(2026, 4, 5)


@pytest.fixture
def village_with(start: Any, region: Region) -> Callable[..., Any]:
    """Start a server whose area is changed by a function."""

    def started(change: Callable[[Area], Area], **more: Any) -> Any:
        area = change(region.areas["talheim"])
        return start(regions={"talheim": replace(region, areas={"talheim": area})}, **more)

    return started


def rules(**changed: Any) -> Callable[[Area], Area]:
    """Change rules of the area."""
    return lambda area: replace(area, policy=replace(area.policy, **changed))


def with_church(area: Area) -> Area:
    """Put a stop 150 m on foot from the house at (3, 3); riders are fetched there gladly."""
    church = AreaStop(id="kirche", name="Kirche", lon=9.1207 + 0.00154, lat=48.4137)
    policy = replace(area.policy, weight_walk=0.0, walk_m=300)
    return replace(area, service=Service.MIXED, policy=policy, stops=(*area.stops, church))


def test_a_stop_near_the_door_is_offered_with_its_walk(village_with: Any) -> None:
    server = village_with(with_church)
    wish = {"depart_at": server.at("09:00")}
    offers = server.ask(server.place(3, 3), server.place(7, 3), **wish)["offers"]
    walking = [offer for offer in offers if offer["walk_to_m"]]
    assert walking
    offer = walking[0]
    assert offer["origin"]["label"] == "Kirche"
    assert 140 <= offer["walk_to_m"] <= 160
    assert f"ab Haltestelle Kirche, {offer['walk_to_m']} m Fußweg" in offer["differs"]["text_de"]
    assert "from the stop Kirche" in offer["differs"]["text_en"]
    booking = server.take(offer).json()
    assert booking["origin"]["label"] == "Kirche"
    (tour,) = [tour for tour in server.tours()["tours"] if tour["visits"]]
    assert tour["visits"][0]["place"]["label"] == "Kirche"
    with_walker = {"passengers": {"seat": 1, "walker": 1}} | wish
    for other in server.ask(server.place(3, 3), server.place(7, 3), **with_walker)["offers"]:
        assert other["walk_to_m"] == other["walk_from_m"] == 0
    for other in server.ask(server.place(3, 3), server.place(7, 3), walk_at_most_m=0, **wish)[
        "offers"
    ]:
        assert other["walk_to_m"] == 0


def test_offers_say_how_they_differ(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    best, *others = server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"]
    assert (best["kind"], best["differs"]["text_de"]) == ("best", "wie gewünscht")
    assert others
    for offer in others:
        minutes = offer["differs"]["minutes_later"]
        assert offer["kind"] == "later"
        assert offer["differs"]["text_de"] == f"{minutes} Minuten später"
        assert offer["differs"]["text_en"] == f"{minutes} minutes later"
        assert minutes >= 10


def test_a_day_without_a_bus_offers_the_next_ones(server: Any) -> None:
    saturday = SUNDAY - timedelta(days=1)
    wish = {"arrive_by": server.at("10:00", saturday)}
    refusal = server.ask(server.place(0, 0), server.place(4, 4), **wish)["refusal"]
    assert refusal["rule"] == "no_shift"
    told = [(each["kind"], each["differs"]["days_later"]) for each in refusal["alternatives"]]
    assert told == [("other_day", 1), ("other_day", 2), ("other_day", 3)]
    first = refusal["alternatives"][0]
    assert first["arrive_by"].startswith("2026-04-05T10:00")
    assert first["differs"]["text_de"].startswith("am Sonntag, 5. April um 9:")
    assert server.take(first).json()["date"] == "2026-04-05"


def test_tomorrow_is_called_so(village_with: Any) -> None:
    server = village_with(rules(closed_days=frozenset({MONDAY})))
    wish = {"depart_at": server.at("09:00")}
    refusal = server.ask(server.place(0, 0), server.place(4, 4), **wish)["refusal"]
    assert refusal["rule"] == "closed_day"
    first = refusal["alternatives"][0]
    assert first["differs"]["text_de"] == "morgen um 9:00 Uhr"
    assert first["differs"]["text_en"] == "tomorrow at 9:00"


def test_alternatives_come_nearest_first_and_can_be_taken(village_with: Any) -> None:
    server = village_with(rules(search_window_s=300))
    full = {"depart_at": server.at("09:00"), "passengers": {"seat": 8}}
    server.book(server.place(0, 0), server.place(7, 7), **full)
    wish = {"depart_at": server.at("09:03"), "passengers": {"seat": 2}}
    refusal = server.ask(server.place(7, 0), server.place(0, 7), **wish)["refusal"]
    assert refusal["rule"] in {"room", "vehicles_busy"}
    same_day = [each for each in refusal["alternatives"] if each["kind"] in {"earlier", "later"}]
    offs = [abs(each["differs"]["minutes_later"]) for each in same_day]
    assert offs == sorted(offs)
    assert {each["kind"] for each in same_day} == {"earlier", "later"}
    for each in same_day:
        word = "später" if each["kind"] == "later" else "früher"
        assert each["differs"]["text_de"].endswith(f"Minuten {word}")
    assert server.take(same_day[0]).status_code == 201


def test_a_large_party_is_offered_a_part(server: Any) -> None:
    wish = {"depart_at": server.at("09:00"), "passengers": {"seat": 9}}
    refusal = server.ask(server.place(0, 0), server.place(4, 4), **wish)["refusal"]
    assert refusal["rule"] == "room"
    part = refusal["alternatives"][0]
    assert (part["kind"], part["differs"]["persons"]) == ("part", 8)
    assert part["differs"]["text_de"] == "für 8 von 9 Personen"
    assert part["differs"]["text_en"] == "for 8 of 9 persons"
    assert server.take(part).json()["passengers"]["seat"] == 8


def test_two_buses_carry_a_large_party(village_with: Any) -> None:
    def two(area: Area) -> Area:
        (bus,), (shift,) = area.vehicles, area.shifts
        return replace(
            area,
            vehicles=(bus, replace(bus, id="bus-2")),
            shifts=(shift, replace(shift, id="zweit", vehicle="bus-2", driver="B. Beck")),
        )

    server = village_with(two)
    wish = {"depart_at": server.at("09:00"), "passengers": {"seat": 11}}
    refusal = server.ask(server.place(0, 0), server.place(4, 4), **wish)["refusal"]
    parts = [each for each in refusal["alternatives"] if each["kind"] == "part"]
    assert [each["differs"]["persons"] for each in parts] == [8, 3]
    assert [server.take(each).status_code for each in parts] == [201, 201]


def test_needs_and_limits_of_a_rider_are_heard(village_with: Any) -> None:
    server = village_with(lambda area: area)
    wish = {"depart_at": server.at("09:00"), "needs": ["lift"]}
    refusal = server.ask(server.place(0, 0), server.place(4, 4), **wish)["refusal"]
    assert refusal["rule"] == "feature"

    def lifted(area: Area) -> Area:
        buses = tuple(replace(bus, features=frozenset({Feature.LIFT})) for bus in area.vehicles)
        return replace(area, vehicles=buses)

    server = village_with(lifted)
    assert server.ask(server.place(0, 0), server.place(4, 4), **wish)["offers"]


def test_a_way_back_waits_for_the_way_there(server: Any) -> None:
    there = server.book(server.place(0, 0), server.place(4, 4), arrive_by=server.at("10:00"))
    wish = {"depart_at": server.at("09:30"), "return_of": there["id"]}
    back = server.ask(server.place(4, 4), server.place(0, 0), **wish)["offers"]
    assert back
    for offer in back:
        assert offer["pickup_from"] >= there["promise"]["arrive_by"]


def test_several_rules_at_once_are_all_told(village_with: Any) -> None:
    server = village_with(rules(search_window_s=300))
    full = {"depart_at": server.at("09:00"), "passengers": {"seat": 8}}
    server.book(server.place(0, 0), server.place(7, 7), **full)
    server.clock.move(hours=2, minutes=30)
    wish = {"depart_at": server.at("09:05"), "passengers": {"seat": 2}}
    refusal = server.ask(server.place(7, 0), server.place(0, 7), **wish)["refusal"]
    assert refusal["rule"] == "time"
    assert {"too_soon"} < set(refusal["also"])
    assert "mindestens 60 Minuten" in refusal["reason_de"]
    assert refusal["reason_de"].startswith("Zur gewünschten Zeit passt die Fahrt in keine Tour.")

"""The roster: who drives, what happens to riders when nobody does, and two people at one shift."""

from datetime import date, timedelta
from typing import Any

import pytest

from api.rights import Role
from api.store.tables import OperatorRow
from dispatch.verify import verify
from regions.roster_rules import RosterRules
from tests.api.people import signed_in
from tests.api.roster import EARLY, MONDAY, SECOND, Coordinator, two_buses
from tests.api.test_restart import day_of, plain

both = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)


def riders(server: Any, shift: str) -> set[str]:
    """Who is on the tour of a shift."""
    tours = {tour["shift"]["id"]: tour for tour in server.tours()["tours"]}
    return {r["booking_id"] for v in tours[shift]["visits"] for r in v["board"]}


def rebuilt_alike(start: Any, server: Any, regions: Any) -> Any:
    """Restart, and find every day as it was."""
    before, shown, now = plain(day_of(server)), server.tours(), server.clock.now()
    server = start(now=now, regions=regions)
    assert plain(day_of(server)) == before
    assert server.tours()["tours"] == shown["tours"]
    assert verify(day_of(server).state) == ()
    return server


def test_the_plan_is_the_source(server: Any) -> None:
    shift = Coordinator(server).shift()
    assert shift["state"] == "staffed"
    assert shift["driver"] == {"id": None, "name": "A. Beck"}
    assert shift["version"] == 0


@both
def test_riders_of_a_withdrawn_shift_change_to_another(start: Any, region: Any) -> None:
    regions = {"talheim": two_buses(region)}
    server = start(regions=regions)
    booked = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    (first,) = (s for s in ("frueh", "zweit") if riders(server, s))
    other = "zweit" if first == "frueh" else "frueh"
    answer = Coordinator(server).done(
        "withdraw", f"talheim.2026-03-30.{first}", reason="Fahrer krank"
    )
    assert answer["calls"] == []
    assert answer["shift"]["state"] == "withdrawn"
    assert answer["shift"]["reason"] == "Fahrer krank"
    assert [t["shift"]["id"] for t in server.tours()["tours"]] == [other]
    assert riders(server, other) == {booked["id"]}
    now = server.client.get(f"/v1/bookings/{booked['id']}").json()
    assert now["promise"] == booked["promise"]
    assert now["status"] == "booked"
    rebuilt_alike(start, server, regions)


@both
def test_who_cannot_be_served_must_be_called(start: Any) -> None:
    server = start()
    booked = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    answer = Coordinator(server).done("withdraw", reason="Fahrer krank")
    (call,) = answer["calls"]
    assert call["booking_id"] == booked["id"]
    assert call["name"] == "Hedwig Beck"
    assert call["expected_pickup"] is None
    assert call["reason"] == "shift_changed"
    assert server.tours()["tours"] == []
    assert server.client.get(f"/v1/bookings/{booked['id']}").json()["status"] == "unassigned"
    server = rebuilt_alike(start, server, None)
    back = Coordinator(server).done("reopen")
    assert back["shift"]["state"] == "staffed"
    assert riders(server, "frueh") == {booked["id"]}
    assert server.client.get(f"/v1/bookings/{booked['id']}").json()["status"] == "booked"
    rebuilt_alike(start, server, None)


@both
def test_the_drivers_name_is_the_rosters(start: Any) -> None:
    server = start()
    roster = Coordinator(server)
    karl = roster.driver("Karl Meier")
    roster.done("assign", driver_id=karl)
    assert server.tours()["tours"][0]["shift"]["driver"] == "Karl Meier"
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    roster.done("assign", driver_id=None)
    assert server.tours()["tours"][0]["shift"]["driver"] == ""
    assert roster.shift()["warning"] == "no-driver"
    roster.done("take", driver_id=karl)
    changed = server.client.patch(
        f"/v1/drivers/{karl}", json={"name": "Karl Maier"}, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert server.tours()["tours"][0]["shift"]["driver"] == "Karl Maier"
    rebuilt_alike(start, server, None)


@both
def test_another_process_hears_of_it(start: Any, region: Any) -> None:
    from starlette.testclient import TestClient

    from api.app import create_app

    first = start()
    assert len(first.tours()["tours"]) == 1
    app = create_app(first.settings, first.clock, {"talheim": region})
    with TestClient(app, base_url="http://localhost") as client:
        Coordinator(type(first)(client, first.clock, first.settings)).done("withdraw", reason="x")
    assert first.tours()["tours"] == []
    refusal = first.ask(first.place(0, 0), first.place(4, 4), depart_at=first.at("09:00"))
    assert refusal["refusal"]["rule"] == "no_shift"


def test_two_coordinators_at_one_shift(server: Any) -> None:
    roster = Coordinator(server)
    karl, eva = roster.driver("Karl Meier"), roster.driver("Eva Roth")
    seen = roster.shift()["version"]
    assert roster.act("assign", seen=seen, driver_id=karl).status_code == 200
    late = roster.act("assign", seen=seen, driver_id=eva)
    assert late.status_code == 412
    assert late.json()["code"] == "changed-meanwhile"
    assert late.headers["etag"] == f'"{late.json()["version"]}"'
    assert roster.shift()["driver"]["name"] == "Karl Meier"
    bare = server.client.post(f"/v1/shifts/{EARLY}/assign", json={"driver_id": eva})
    assert (bare.status_code, bare.json()["code"]) == (428, "version-missing")
    weak = server.client.post(
        f"/v1/shifts/{EARLY}/assign", json={"driver_id": eva}, headers={"If-Match": 'W/"1"'}
    )
    assert weak.status_code == 412
    any_ = server.client.post(
        f"/v1/shifts/{EARLY}/assign", json={"driver_id": eva}, headers={"If-Match": "*"}
    )
    assert any_.status_code == 200


def test_a_substitute_drives_and_can_give_it_back(server: Any) -> None:
    server.clock.move(days=-5)
    roster = Coordinator(server)
    karl, eva = roster.driver("Karl Meier"), roster.driver("Eva Roth")
    roster.done("assign", driver_id=karl)
    assert roster.act("take", driver_id=eva).json()["code"] == "shift-taken"
    assert roster.act("offer", driver_id=eva).json()["code"] == "shift-not-yours"
    assert roster.done("offer", driver_id=karl)["shift"]["state"] == "staffed"
    shift = roster.done("take", driver_id=eva)["shift"]
    assert (shift["driver"]["name"], shift["substitute"]["name"]) == ("Karl Meier", "Eva Roth")
    assert server.tours()["tours"][0]["shift"]["driver"] == "Eva Roth"
    shift = roster.done("give-back", driver_id=eva)["shift"]
    assert (shift["driver"]["name"], shift["substitute"], shift["offered"]) == (
        "Karl Meier",
        None,
        True,
    )


def test_giving_back_has_a_deadline(server: Any) -> None:
    roster = Coordinator(server)
    karl = roster.driver("Karl Meier")
    roster.done("assign", driver_id=karl)
    assert roster.act("give-back", driver_id=karl).json()["code"] == "give-back-too-late"
    server.clock.move(days=-2)
    assert roster.done("give-back", driver_id=karl)["shift"]["state"] == "open"


@pytest.mark.parametrize(
    ("driver", "code"),
    [
        ({"vehicles": ["bus-2"]}, "driver-vehicle"),
        ({"licence_until": "2026-03-29"}, "driver-licence"),
    ],
)
def test_who_may_not_drive_is_refused(start: Any, region: Any, driver: Any, code: str) -> None:
    server = start(regions={"talheim": two_buses(region)})
    roster = Coordinator(server)
    refused = roster.act("assign", driver_id=roster.driver("Karl Meier", **driver))
    assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_nobody_drives_two_at_once_or_without_rest(start: Any, region: Any) -> None:
    rules = RosterRules(rest_hours=20, hours_a_week=13)
    server = start(regions={"talheim": two_buses(region, rules)})
    roster = Coordinator(server)
    karl = roster.driver("Karl Meier")
    roster.done("assign", driver_id=karl)
    assert roster.act("assign", SECOND, driver_id=karl).json()["code"] == "driver-busy"
    tuesday = "talheim.2026-03-31.frueh"
    assert roster.act("assign", tuesday, driver_id=karl).json()["code"] == "driver-rest"
    wednesday, friday = "talheim.2026-04-01.frueh", "talheim.2026-04-03.frueh"
    roster.done("assign", wednesday, driver_id=karl)
    assert roster.act("assign", friday, driver_id=karl).json()["code"] == "driver-hours"
    inactive = server.client.patch(
        f"/v1/drivers/{karl}", json={"active": False}, headers={"If-Match": '"1"'}
    )
    assert inactive.status_code == 200
    assert roster.act("assign", friday, driver_id=karl).json()["code"] == "driver-inactive"


def test_names_are_told_apart(server: Any) -> None:
    roster = Coordinator(server)
    roster.driver("Karl Meier")
    again = roster.create("drivers", area_id="talheim", name="karl meier")
    assert again.json()["code"] == "driver-exists"


@both
def test_a_shift_added_by_hand_takes_riders(start: Any) -> None:
    server = start()
    roster = Coordinator(server)
    wish = {
        "area_id": "talheim",
        "date": "2026-03-30",
        "vehicle_id": "bus-1",
        "start": "14:00",
        "end": "18:00",
        "start_place": {"name": "Rathaus", **server.place(1, 1)},
        "driver_id": roster.driver("Karl Meier"),
    }
    asked = server.place(0, 0), server.place(4, 4)
    assert server.ask(*asked, depart_at=server.at("15:00"))["offers"] == []
    added = roster.create("shifts", "key-1", **wish)
    assert added.status_code == 201, added.text
    again = roster.create("shifts", "key-1", **wish)
    assert again.json() == added.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert roster.create("shifts", "key-2", **wish).json()["code"] == "shift-overlap"
    far = {"name": "Feldkirch", "lat": 47.24, "lon": 9.6}
    elsewhere = wish | {"date": "2026-04-04", "start_place": far}
    assert roster.create("shifts", "key-3", **elsewhere).json()["code"] == "no-road"
    booked = server.book(*asked, depart_at=server.at("15:00"))
    name = added.json()["shift_id"]
    assert riders(server, name) == {booked["id"]}
    server = rebuilt_alike(start, server, None)
    calls = Coordinator(server).done("withdraw", added.json()["id"], reason="x")["calls"]
    assert [call["booking_id"] for call in calls] == [booked["id"]]
    rebuilt_alike(start, server, None)


def test_a_day_with_an_added_shift_only_is_offered(server: Any) -> None:
    saturday = "2026-04-04"
    asked = server.place(0, 0), server.place(4, 4)
    friday_late = {"depart_at": server.at("15:00", date(2026, 4, 3))}
    sunday = "2026-04-05"
    before = server.ask(*asked, **friday_late)["refusal"]["alternatives"]
    assert saturday not in {one["pickup_from"][:10] for one in before}
    Coordinator(server).create(
        "shifts",
        area_id="talheim",
        date=saturday,
        vehicle_id="bus-1",
        start="14:00",
        end="18:00",
        start_place={"name": "Rathaus", **server.place(1, 1)},
    )
    after = server.ask(*asked, **friday_late)["refusal"]["alternatives"]
    assert {saturday, sunday} <= {one["pickup_from"][:10] for one in after}
    assert f'value="{saturday}"' in server.client.get("/").text


@both
def test_a_vehicle_out_of_service_loses_its_shifts_until_it_is_back(
    start: Any, region: Any
) -> None:
    regions = {"talheim": two_buses(region)}
    server = start(regions=regions)
    roster = Coordinator(server)
    booked = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    out = roster.create(
        "vehicles/bus-1/out-of-service",
        area_id="talheim",
        start=server.at("00:00"),
        until=server.at("23:00", MONDAY + timedelta(days=1)),
        reason="Werkstatt",
    )
    assert out.status_code == 201, out.text
    assert set(out.json()["shifts"]) == {EARLY, EARLY.replace("03-30", "03-31")}
    assert out.json()["calls"] == []
    assert riders(server, "zweit") == {booked["id"]}
    assert roster.shift()["reason"] == "Werkstatt"
    assert roster.act("reopen").json()["code"] == "vehicle-out"
    tuesday = server.tours(MONDAY + timedelta(days=1))["tours"]
    assert [tour["shift"]["id"] for tour in tuesday] == ["zweit"]
    (bus, _) = server.client.get("/v1/vehicles?area_id=talheim").json()["vehicles"]
    (outage,) = bus["out_of_service"]
    server = rebuilt_alike(start, server, regions)
    back = server.client.delete(
        f"/v1/vehicles/bus-1/out-of-service/{outage['id']}",
        headers={"If-Match": f'"{outage["version"]}"'},
    )
    assert back.status_code == 200, back.text
    assert len(server.tours()["tours"]) == 2
    rebuilt_alike(start, server, regions)


@both
def test_a_breakdown_on_the_road(start: Any, region: Any) -> None:
    regions = {"talheim": two_buses(region)}
    server = start(regions=regions)
    roster = Coordinator(server)
    wish = server.place(0, 0), server.place(4, 4)
    aboard = server.book(*wish, depart_at=server.at("08:00"))
    (first,) = (s for s in ("frueh", "zweit") if riders(server, s))
    tour = f"talheim.2026-03-30.{first}"
    server.clock.move(hours=2, minutes=5)
    (visit, *_) = next(t for t in server.tours()["tours"] if t["id"] == tour)["visits"]
    for number, kind in enumerate(("arrived", "departed")):
        report = {
            "event_id": f"0b3f8f36-6f52-4f5e-9d53-2b0f5d9f6a{number:02}",
            "type": kind,
            "at": server.at(f"08:0{number + 3}"),
        }
        url = f"/v1/tours/{tour}/visits/{visit['id']}/events"
        assert server.client.post(url, json=report).status_code == 200
    body = {"at": server.at("08:05"), "place": {"name": "Lindenweg", **server.place(2, 2)}}
    far = {"name": "Feldkirch", "lat": 47.24, "lon": 9.6}
    unknown = roster.create(f"tours/{tour}/breakdown", **body | {"place": far})
    assert unknown.json()["code"] == "no-road"
    broken = roster.create(f"tours/{tour}/breakdown", "panne", **body)
    assert broken.status_code == 200, broken.text
    assert broken.json()["shifts"] == [tour]
    other = "zweit" if first == "frueh" else "frueh"
    assert riders(server, other) == {aboard["id"]}
    assert roster.create(f"tours/{tour}/breakdown", "panne", **body).json() == broken.json()
    assert roster.shift(tour)["state"] == "withdrawn"
    server = rebuilt_alike(start, server, regions)
    assert Coordinator(server).act("reopen", tour).json()["code"] == "shift-begun"


def test_only_staffed_shifts_take_riders_where_the_area_says_so(start: Any, region: Any) -> None:
    rules = RosterRules(open_bookable=False, give_back_hours=0)
    regions = {"talheim": two_buses(region, rules, driver="")}
    server = start(regions=regions)
    roster = Coordinator(server)
    assert [t["shift"]["id"] for t in server.tours()["tours"]] == ["frueh"]
    karl = roster.driver("Karl Meier")
    roster.done("take", SECOND, driver_id=karl)
    assert len(server.tours()["tours"]) == 2
    roster.done("withdraw", EARLY, reason="x")
    server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    refused = roster.act("give-back", SECOND, driver_id=karl)
    assert (refused.status_code, refused.json()["code"]) == (409, "shift-has-riders")
    assert len(server.tours()["tours"]) == 1
    server = rebuilt_alike(start, server, regions)


def test_what_does_not_exist_is_unknown(server: Any) -> None:
    client = server.client
    for name in ("talheim.2026-03-30.nie", "anderswo.2026-03-30.frueh", "unfug", "talheim.1.x"):
        assert client.get(f"/v1/shifts/{name}").json()["code"] == "shift-unknown"
    assert client.get("/v1/drivers/d-1").json()["code"] == "driver-unknown"
    assert client.get("/v1/closures?area_id=anderswo").json()["code"] == "area-unknown"
    gone = client.delete("/v1/closures/c-1", headers={"If-Match": '"1"'})
    assert gone.json()["code"] == "closure-unknown"


def test_long_lists_come_in_pages(server: Any) -> None:
    url: str | None = "/v1/shifts?area_id=talheim&from=2026-03-30&until=2026-04-26&limit=5"
    seen: list[tuple[str, str]] = []
    while url is not None:
        page = server.client.get(url).json()
        assert len(page["shifts"]) <= 5
        seen += [(one["date"], one["shift_id"]) for one in page["shifts"]]
        last, url = url, page["next"]
    runs = [MONDAY + timedelta(days=k) for k in range(28)]
    wanted = [day for day in runs if day.weekday() != date(2026, 4, 4).weekday()]
    assert seen == [(day.isoformat(), "frueh") for day in wanted]
    forged = last.replace("cursor=", "cursor=x")
    assert server.client.get(forged).json()["code"] == "cursor-invalid"
    elsewhere = last.replace("2026-04-26", "2026-04-25")
    assert server.client.get(elsewhere).json()["code"] == "cursor-invalid"
    too_many = server.client.get("/v1/drivers?area_id=talheim&limit=201")
    assert too_many.status_code == 422


def test_drivers_take_shifts_and_coordinators_plan_them(server: Any) -> None:
    roster = Coordinator(server)
    karl = roster.driver("Karl Meier")
    roster.done("assign", driver_id=None)
    driver = signed_in(server, Role.DRIVER)
    municipality = signed_in(server, Role.MUNICIPALITY)
    chief = signed_in(server, Role.COORDINATOR)
    client, body = server.client, {"driver_id": karl}

    def act(who: dict[str, str], what: str) -> Any:
        seen = client.get(f"/v1/shifts/{EARLY}", headers=chief).json()["version"]
        headers = who | {"If-Match": f'"{seen}"'}
        return client.post(f"/v1/shifts/{EARLY}/{what}", json=body, headers=headers)

    assert act(driver, "assign").status_code == 403
    assert act(municipality, "take").status_code == 403
    assert act(driver, "take").status_code == 200
    assert client.get(f"/v1/shifts/{EARLY}", headers=municipality).status_code == 403
    assert client.get("/leitstelle/dienste", headers=driver).status_code == 403
    assert client.get("/fahrer/dienste", headers=driver).status_code == 200


def test_another_operators_roster_is_unknown(server: Any) -> None:
    roster = Coordinator(server)
    karl = roster.driver("Karl Meier")
    closure = roster.create(
        "closures",
        area_id="talheim",
        start=server.at("09:00"),
        until=server.at("10:00"),
        reason="x",
    ).json()["id"]
    outage = roster.create(
        "vehicles/bus-1/out-of-service", area_id="talheim", start=server.at("22:00"), reason="x"
    ).json()["outage"]["id"]
    server.services.context.database.write(lambda writer: writer.put(OperatorRow(name="Fremde")))
    other = signed_in(server, Role.COORDINATOR, "Fremde") | {
        "If-Match": "*",
        "Idempotency-Key": "k",
    }
    client = server.client
    place = {"name": "Rathaus", **server.place(1, 1)}
    times = {"start": server.at("09:00"), "until": server.at("10:00"), "reason": "x"}
    shift = {
        "date": "2026-03-30", "vehicle_id": "bus-1", "start": "14:00", "end": "15:00",
        "start_place": place,
    }  # fmt: skip
    here = {"area_id": "talheim"}
    span = "from=2026-03-30&until=2026-03-31"
    answers = [
        client.get(f"/v1/shifts?area_id=talheim&{span}", headers=other),
        client.get("/v1/drivers?area_id=talheim", headers=other),
        client.get("/v1/vehicles?area_id=talheim", headers=other),
        client.get("/v1/closures?area_id=talheim", headers=other),
        client.get(f"/v1/shifts/{EARLY}", headers=other),
        client.get(f"/v1/drivers/{karl}", headers=other),
        client.patch(f"/v1/drivers/{karl}", json={"active": False}, headers=other),
        client.delete(f"/v1/closures/{closure}", headers=other),
        client.delete(f"/v1/vehicles/bus-1/out-of-service/{outage}", headers=other),
        client.post(f"/v1/shifts/{EARLY}/withdraw", json={"reason": "x"}, headers=other),
        client.post(f"/v1/shifts/{EARLY}/reopen", headers=other),
        client.post("/v1/shifts", json=here | shift, headers=other),
        client.post("/v1/drivers", json=here | {"name": "X"}, headers=other),
        client.post("/v1/closures", json=here | times, headers=other),
        client.post("/v1/vehicles/bus-1/out-of-service", json=here | times, headers=other),
        client.post(f"/v1/tours/{EARLY}/breakdown", json={"at": server.at("05:00")}, headers=other),
    ]
    for what in ("assign", "take", "give-back", "offer"):
        url = f"/v1/shifts/{EARLY}/{what}"
        answers.append(client.post(url, json={"driver_id": karl}, headers=other))
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    codes = {answer.json()["code"].removesuffix("-unknown") for answer in answers}
    assert codes == {"area", "shift", "driver", "closure", "outage", "tour"}
    chief = signed_in(server, Role.COORDINATOR)
    assert client.get(f"/v1/shifts/{EARLY}", headers=chief).json()["version"] == 0

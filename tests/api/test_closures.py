"""Closures: what is not offered, what is instead, and that promises stand."""

from typing import Any

from tests.api.roster import Coordinator

HOUSES = ((0, 0), (4, 4))


def close(server: Any, start: str, until: str, **more: Any) -> dict[str, Any]:
    answer = Coordinator(server).create(
        "closures",
        area_id="talheim",
        start=server.at(start),
        until=server.at(until),
        reason="Dorffest",
        **more,
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def ask(server: Any, clock: str, kind: str = "depart_at") -> dict[str, Any]:
    origin, destination = (server.place(*house) for house in HOUSES)
    return dict(server.ask(origin, destination, **{kind: server.at(clock)}))


def test_closed_hours_offer_what_lies_around_them(server: Any) -> None:
    booked = server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at("10:00"))
    closure = close(server, "09:00", "11:30")
    assert closure["rides"] == 1
    refusal = ask(server, "10:10")["refusal"]
    assert refusal["rule"] == "closure"
    assert refusal["reason_de"] == "Zu dieser Zeit fährt der Bürgerbus dort ausnahmsweise nicht."
    times = refusal["alternatives"]
    assert times
    for promise in times:
        after = promise["pickup_from"] >= server.at("11:30")
        assert after or promise["pickup_from"] < server.at("09:00")
    assert any(promise["pickup_from"].startswith("2026-03-30") for promise in times)
    assert server.client.get(f"/v1/bookings/{booked['id']}").json()["status"] == "booked"
    assert server.take(refusal["alternatives"][0]).status_code == 201
    assert ask(server, "11:40")["offers"]


def test_no_offer_runs_into_closed_hours(server: Any) -> None:
    close(server, "09:00", "11:00")
    for clock in ("08:00", "08:30", "08:50", "11:00"):
        answer = ask(server, clock)
        for offer in answer["offers"] or answer["refusal"]["alternatives"]:
            inside = server.at("09:00") < offer["planned_arrival"] < server.at("11:00")
            assert not inside
            assert not server.at("09:00") <= offer["pickup_from"] < server.at("11:00")


def test_a_closed_day_is_refused_as_such(server: Any) -> None:
    closure = close(server, "00:00", "23:59")
    refusal = ask(server, "10:00")["refusal"]
    assert refusal["rule"] == "closed_day"
    assert all(one["pickup_from"] > server.at("23:59") for one in refusal["alternatives"])
    assert refusal["alternatives"]
    url = f"/v1/closures/{closure['id']}"
    assert server.client.delete(url).json()["code"] == "version-missing"
    assert server.client.delete(url, headers={"If-Match": '"7"'}).status_code == 412
    assert server.client.delete(url, headers={"If-Match": '"1"'}).status_code == 204
    assert ask(server, "10:00")["offers"]
    assert server.client.get("/v1/closures?area_id=talheim").json()["closures"] == []


def test_only_the_closed_part_of_the_area_is(server: Any) -> None:
    far = server.place(4, 4)
    west, south, east, north = far["lon"] - 0.001, far["lat"] - 0.001, far["lon"] + 0.001, 48.5
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    close(server, "00:00", "23:59", place={"type": "Polygon", "coordinates": [ring]})
    assert ask(server, "10:00")["refusal"]["rule"] == "closure"
    others = server.ask(server.place(0, 0), server.place(1, 5), depart_at=server.at("10:00"))
    assert others["offers"]


def test_nonsense_is_refused(server: Any) -> None:
    bow = [[9.1, 48.4], [9.2, 48.5], [9.2, 48.4], [9.1, 48.5], [9.1, 48.4]]
    wish = {
        "area_id": "talheim",
        "start": server.at("09:00"),
        "until": server.at("11:00"),
        "reason": "x",
    }
    create = Coordinator(server).create
    crossed = create("closures", **wish, place={"type": "Polygon", "coordinates": [bow]})
    assert crossed.json()["code"] == "closure-place"
    backwards = create("closures", **(wish | {"until": server.at("08:00")}))
    assert backwards.json()["code"] == "invalid"
    assert server.client.post("/v1/closures", json=wish).json()["code"] == "idempotency-key-missing"

"""Tablets: enrolled once, opened by a PIN, limited to their day, locked out when lost."""

from typing import Any

import pytest

from api.devices import driving
from tests.api.tablets import MARK, PIN, Tablet, enrolled, invite

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgres"], indirect=True)


def book(server: Any, at: str = "09:00", **when: Any) -> Any:
    """Book a ride."""
    return server.book(server.place(0, 0), server.place(4, 4), depart_at=server.at(at, **when))


def lose(server: Any) -> None:
    """Lock out the only tablet."""
    (device,) = devices(server)
    answer = server.client.post(f"/leitstelle/geraete/{device.id}/verloren")
    assert answer.status_code == 200


def devices(server: Any) -> Any:
    with server.services.context.database.reading() as reader:
        return reader.devices()


@BOTH
def test_a_tablet_lives(server: Any) -> None:
    """Enrolled, locked, opened, drives, is lost: refused at once, and its reports reach a person."""
    booking = book(server)
    tablet = enrolled(server)
    assert tablet.state() | {"until": None} == {
        "state": "locked", "name": "Tablet Bus 1", "driver": None, "drivers": ["A. Beck"],
        "areas": ["talheim"], "until": None,
    }  # fmt: skip
    assert tablet.tours().json()["code"] == "pin-needed"
    assert tablet.sign_in().json()["state"] == "ready"
    (tour,) = tablet.tours(area_id="talheim").json()["tours"]
    assert tour["id"] == booking["tour_id"]
    visit = tour["visits"][0]
    report = {
        "tour_id": tour["id"], "visit_id": visit["id"], "type": "arrived", "at": server.at("06:00"),
    }  # fmt: skip
    lose(server)
    assert tablet.tours().status_code == 401
    assert tablet.tours().json()["code"] == "device-revoked"
    assert tablet.state()["code"] == "device-revoked"
    assert tablet.sign_in().json()["code"] == "device-revoked"
    left = tablet.client.post("/v1/device/unsent", json={"reports": [report | {"no_shows": []}]})
    assert left.status_code == 204
    assert tablet.client.cookies.get("tablet") is None
    page = server.client.get("/leitstelle/geraete").text
    assert visit["place"]["label"] in page
    assert "gesperrt" in page
    assert server.tours()["tours"][0]["visits"][0]["status"] == "planned"
    (device,) = devices(server)
    again = server.client.post(f"/leitstelle/geraete/{device.id}/code")
    assert again.json()["code"] == "device-lost"
    server.client.post(f"/leitstelle/geraete/{device.id}/erledigt")
    assert visit["place"]["label"] not in server.client.get("/leitstelle/geraete").text


def test_only_a_lost_tablet_hands_over(server: Any) -> None:
    tablet = enrolled(server)
    assert tablet.client.post("/v1/device/unsent", json={"reports": []}).status_code == 404
    assert Tablet(server).client.post("/v1/device/unsent", json={"reports": []}).status_code == 404


@BOTH
def test_a_code_is_good_once_and_for_ten_minutes(server: Any) -> None:
    code = invite(server)
    first, second = Tablet(server), Tablet(server)
    assert first.enrol(code.lower().replace("-", " ")).status_code == 303
    again = second.enrol(code)
    assert again.status_code == 422
    assert "einmal" in again.text
    assert second.client.cookies.get("tablet") is None
    late = invite(server, "Tablet Bus 2")
    server.clock.move(minutes=10)
    assert second.enrol(late).status_code == 422
    server.clock.move(minutes=-1)
    assert second.enrol(late).status_code == 303


def test_a_form_sent_twice_is_one_tablet(server: Any) -> None:
    from tests.api.tablets import CODE, KEY

    (key,) = KEY.findall(server.client.get("/leitstelle/geraete").text)
    form = {"schluessel": key, "name": "Tablet Bus 1"}
    pages = [server.client.post("/leitstelle/geraete", data=form).text for _ in range(2)]
    (first,), (second,) = (CODE.findall(page) for page in pages)
    assert len(devices(server)) == 1
    assert Tablet(server).enrol(first).status_code == 422
    assert Tablet(server).enrol(second).status_code == 303


def test_enrolling_again_ends_what_the_old_browser_had(server: Any) -> None:
    old = enrolled(server)
    old.sign_in()
    (device,) = devices(server)
    from tests.api.tablets import CODE

    page = server.client.post(f"/leitstelle/geraete/{device.id}/code")
    assert old.tours().status_code == 200
    new = Tablet(server)
    assert new.enrol(CODE.findall(page.text)[0]).status_code == 303
    assert old.state()["state"] == "open"  # of a test at this machine, where everybody is staff
    assert new.state()["state"] == "locked"


@pytest.mark.parametrize(
    ("pin", "again"),
    [("123", "123"), ("12ab", "12ab"), ("1234", "1234"), ("4711", "4712"), ("7777", "7777")],
)
def test_a_bad_pin_uses_no_code(server: Any, pin: str, again: str) -> None:
    code = invite(server)
    tablet = Tablet(server)
    assert tablet.enrol(code, pin, again).status_code == 422
    assert tablet.enrol(code).status_code == 303


@BOTH
def test_after_five_wrong_pins_it_waits_ever_longer(start: Any) -> None:
    """Also after a restart; the right PIN does not help while it waits; the coordinator does."""
    server = start()
    tablet = enrolled(server)
    left = [tablet.sign_in("0815").json().get("tries_left") for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    cookies = dict(tablet.client.cookies)
    server = start(server.clock.now())
    tablet = Tablet(server)
    tablet.client.cookies.update(cookies)
    waits = tablet.sign_in()
    assert (waits.status_code, waits.json()["code"]) == (429, "pin-locked")
    assert waits.headers["retry-after"] == "300"
    server.clock.move(minutes=5)
    assert tablet.sign_in("0815").json()["code"] == "pin-wrong"
    assert tablet.sign_in().headers["retry-after"] == "600"
    (device,) = devices(server)
    assert "wartet" in server.client.get("/leitstelle/geraete").text
    server.client.post(f"/leitstelle/geraete/{device.id}/entsperren")
    assert tablet.sign_in().status_code == 200
    assert devices(server)[0].wrong_tries == 0


def test_who_signs_in_drives_here(server: Any) -> None:
    tablet = enrolled(server)
    assert tablet.sign_in(driver="Niemand").json()["code"] == "driver-not-here"
    assert Tablet(server).sign_in().json()["code"] == "device-unknown"


def test_a_session_ends_an_hour_after_the_shift(server: Any) -> None:
    """The early shift ends at 13:00; signing off ends it at once."""
    tablet = enrolled(server)
    assert tablet.sign_in().json()["until"].startswith("2026-03-30T12:00:00")  # UTC
    server.clock.move(hours=7, minutes=59)
    assert tablet.tours().status_code == 200
    server.clock.move(minutes=1)
    assert tablet.tours().json()["code"] == "pin-needed"
    assert tablet.sign_in().status_code == 200
    assert tablet.client.delete("/v1/device/session").status_code == 204
    assert tablet.state()["state"] == "locked"


def test_drivers_see_today_and_tomorrow_only(server: Any) -> None:
    tablet = enrolled(server)
    tablet.sign_in()
    seen = {
        day: tablet.tours(date=day).status_code
        for day in ("2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31", "2026-04-01")
    }
    assert seen == {
        "2026-03-28": 403,
        "2026-03-29": 200,  # at six in the morning yesterday's tour may go on
        "2026-03-30": 200,
        "2026-03-31": 200,
        "2026-04-01": 403,
    }
    for path in ("", "/directions"):
        later = tablet.client.get(f"/v1/tours/talheim.2026-04-01.frueh{path}")
        assert later.json()["code"] == "tour-unknown"


def test_drivers_see_nothing_else(server: Any) -> None:
    tablet = enrolled(server)
    tablet.sign_in()
    for path in (
        "/v1/bookings?date=2026-03-30",
        "/v1/refusals?date=2026-03-30",
        "/leitstelle/geraete",
    ):
        assert tablet.client.get(path).status_code == 403, path
    assert tablet.tours(area_id="anderswo").status_code == 404


def test_a_coordinators_browser_stays_one_beside_the_app(server: Any) -> None:
    """Only the app's own requests are the tablet's."""
    tablet = enrolled(server)
    del tablet.client.headers["Buergerbus-Tablet"]
    assert tablet.client.get("/leitstelle").status_code == 200
    assert tablet.client.get("/v1/bookings?date=2026-03-30").status_code == 200
    assert tablet.client.get("/v1/bookings?date=2026-03-30", headers=MARK).status_code == 401


def test_no_secret_is_stored(server: Any) -> None:
    tablet = enrolled(server)
    tablet.sign_in()
    stored = devices(server)[0].model_dump_json()
    for secret in (PIN, tablet.client.cookies["tablet"], tablet.client.cookies["fahrt"]):
        assert secret not in stored


def test_cookies_are_for_the_server_only(server: Any) -> None:
    answer = Tablet(server).enrol(invite(server))
    (cookie,) = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith("tablet=")
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_behind_tls_the_cookie_is_bound_to_the_host(server: Any) -> None:
    tablet = Tablet(server)
    code = invite(server)
    tablet.client.base_url = "https://localhost"
    answer = tablet.enrol(code)
    assert answer.headers["set-cookie"].startswith("__Host-tablet=")
    assert "Secure" in answer.headers["set-cookie"]


def test_wrong_codes_run_out(server: Any) -> None:
    tablet = Tablet(server)
    assert [tablet.enrol("AAAA-AAAA").status_code for _ in range(6)] == [422] * 5 + [429]
    server.clock.move(minutes=15)
    assert tablet.enrol(invite(server)).status_code == 303


def test_many_tries_at_once_are_not_more_than_five(server: Any) -> None:
    """Whoever sends all PINs at the same moment gets five answers about them."""
    from concurrent.futures import ThreadPoolExecutor

    tablet = enrolled(server)
    shown = tablet.client.cookies["tablet"]

    def attempt(pin: int) -> str:
        from api.errors import Problem

        try:
            driving.sign_in(server.services.context, shown, "A. Beck", f"{pin:04}")
        except Problem as problem:
            return problem.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(attempt, range(12)))
    assert said.count("pin-wrong") == 5
    assert said.count("pin-locked") == 7

"""Two operators on one server: tablets, keys and coordinators of one learn nothing of the other."""

from dataclasses import replace
from typing import Any

import pytest

from api.rights import Role
from regions.region import Region
from tests.api.people import signed_in
from tests.api.tablets import KEY, Tablet, enrolled
from tests.api.test_keys import new_key

OTHER = "Anderer Verein"


@pytest.fixture
def two(start: Any, region: Region) -> Any:
    """Serve an area of another operator beside Talheim, and book a ride in each."""
    area = replace(region.areas["talheim"], id="anderswo", operator=OTHER)
    other = replace(region, areas={"anderswo": area})
    server = start(regions={"talheim": region, "anderswo": other})
    for area_id in ("talheim", "anderswo"):
        server.book(
            server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"), area_id=area_id
        )
    return server


def tablet_of(server: Any) -> Tablet:
    """Enrol a tablet of Talheim's operator, which the page offers second."""
    tablet = Tablet(server)
    page = server.client.get("/leitstelle/geraete").text
    (key,) = KEY.findall(page)
    chosen = page.index("Bürgerbusverein Talheim")
    operator = page[:chosen].rpartition('value="')[2].partition('"')[0]
    form = {"schluessel": key, "name": "Tablet Bus 1", "traeger": operator}
    made = server.client.post("/leitstelle/geraete", data=form).text
    code = made.partition('class="code">')[2].partition("<")[0]
    assert tablet.enrol(code).status_code == 303
    assert tablet.sign_in().status_code == 200
    return tablet


def test_a_tablet_sees_its_own_operators_tours(two: Any) -> None:
    tablet = tablet_of(two)
    assert {tour["area_id"] for tour in tablet.tours().json()["tours"]} == {"talheim"}
    assert tablet.tours(area_id="anderswo").json()["code"] == "area-unknown"
    assert tablet.state()["areas"] == ["talheim"]
    foreign = next(tour for tour in two.tours()["tours"] if tour["area_id"] == "anderswo")
    url = f"/v1/tours/{foreign['id']}"
    for path in (url, f"{url}/directions"):
        assert tablet.client.get(path).json()["code"] == "tour-unknown"
    report = {
        "event_id": "0b3f8f36-6f52-4f5e-9d53-2b0f5d9f6a11", "type": "arrived", "at": two.at("06:00"),
    }  # fmt: skip
    visit = foreign["visits"][0]["id"]
    sent = tablet.client.post(f"{url}/visits/{visit}/events", json=report)
    assert sent.json()["code"] == "tour-unknown"


def test_a_partner_asks_in_its_operators_areas(two: Any) -> None:
    headers = new_key(two)  # of the operator whose name comes first
    wish = {
        "origin": two.place(0, 0), "destination": two.place(4, 4), "depart_at": two.at("10:00"),
    }  # fmt: skip
    for path in ("/v1/offers", "/v1/journeys"):
        own = two.client.post(path, json=wish | {"area_id": "anderswo"}, headers=headers)
        assert own.status_code == 200
        foreign = two.client.post(path, json=wish | {"area_id": "talheim"}, headers=headers)
        assert foreign.json()["code"] == "area-unknown"
    offers = two.client.post("/v1/offers", json=wish | {"area_id": "talheim"}).json()["offers"]
    body = {"offer": offers[0]["token"], "name": "Hedwig Beck"}
    taken = two.client.post("/v1/bookings", json=body, headers=headers | {"Idempotency-Key": "k-2"})
    assert taken.json()["code"] == "area-unknown"


def test_a_coordinator_manages_own_tablets_and_keys_only(two: Any) -> None:
    enrolled(two)  # of the operator whose name comes first
    new_key(two)
    with two.services.context.database.reading() as reader:
        (device,), (key,) = reader.devices(), reader.api_keys()
    foreign = signed_in(two, Role.COORDINATOR, "Bürgerbusverein Talheim e. V.")
    own = signed_in(two, Role.COORDINATOR, OTHER)
    two.client.cookies.clear()
    for page, name in (("geraete", device.id), ("schluessel", key.id)):
        assert name in two.client.get(f"/leitstelle/{page}", headers=own).text
        assert name not in two.client.get(f"/leitstelle/{page}", headers=foreign).text
    for action in ("verloren", "entsperren", "erledigt", "code"):
        sent = two.client.post(f"/leitstelle/geraete/{device.id}/{action}", headers=foreign)
        assert sent.json()["code"] == "device-unknown"
    sent = two.client.post(f"/leitstelle/schluessel/{key.id}/sperren", headers=foreign)
    assert sent.json()["code"] == "key-unknown"
    driver = signed_in(two, Role.DRIVER, OTHER)
    assert two.client.get("/leitstelle/geraete", headers=driver).status_code == 403

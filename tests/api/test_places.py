"""Places: what is typed, what is tapped, and where the service goes."""

from dataclasses import replace
from typing import Any

import pytest
import shapely

FIRST, SECOND = "Ahornweg", "Birkenweg"


def search(server: Any, text: str, **more: Any) -> list[dict[str, Any]]:
    """Suggestions for a text."""
    answer = server.client.get("/v1/areas/talheim/places", params={"q": text} | more)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["places"])


def test_misspelt_addresses_are_found(server: Any) -> None:
    found = search(server, "ahornwg 3 talheim")
    assert found[0]["label"] == "Ahornweg 3, Talheim"
    assert found[0]["inside"] is True


def test_stops_of_the_area_come_first(server: Any) -> None:
    found = search(server, "rathaus")
    assert (found[0]["label"], found[0]["kind"]) == ("Rathaus Talheim", "stop")
    assert search(server, "Rathaus Talheim")[0]["exact"] is True


def test_limit_is_kept(server: Any) -> None:
    assert len(search(server, "weg", limit=3)) <= 3


def test_unknown_address_is_said_to_be_unknown(server: Any) -> None:
    body = {
        "area_id": "talheim",
        "origin": {"address": "Quxquuxplatz 99"},
        "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }
    problem = server.client.post("/v1/offers", json=body).json()
    assert problem["code"] == "address-unknown"
    assert problem["address"] == "Quxquuxplatz 99"


def test_unknown_house_is_asked_about(server: Any) -> None:
    """A house number that does not exist is not guessed; the candidates can be chosen from."""
    body = {
        "area_id": "talheim",
        "origin": {"address": "Ahornweg 77"},
        "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }
    answer = server.client.post("/v1/offers", json=body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "address-unclear")
    chosen = {key: problem["places"][0][key] for key in ("lon", "lat", "label")}
    assert server.client.post("/v1/offers", json=body | {"origin": chosen}).status_code == 200


def test_street_without_number_is_asked_about(server: Any) -> None:
    """A street is nobody's door: the program that asks gets the street marked, not a guess."""
    body = {
        "area_id": "talheim",
        "origin": {"address": "Ahornweg, Talheim"},
        "destination": server.place(4, 4),
        "depart_at": server.at("09:00"),
    }
    problem = server.client.post("/v1/offers", json=body).json()
    assert problem["code"] == "address-unclear"
    street = problem["places"][0]
    assert (street["label"], street["kind"]) == ("Ahornweg, Talheim", "street")
    assert street["number_missing"] is True
    assert search(server, "Ahornweg 3")[0]["number_missing"] is False


def test_point_without_a_name_gets_that_of_the_house(server: Any) -> None:
    wish = {"depart_at": server.at("09:00")}
    offer = server.ask(server.place(2, 1), server.place(4, 4), **wish)["offers"][0]
    assert offer["origin"]["label"] == "Birkenweg 3, Talheim"


def test_point_far_from_any_road(server: Any) -> None:
    body = {
        "area_id": "talheim",
        "origin": server.place(4, 4),
        "destination": {"lon": 8.0, "lat": 48.4},
        "depart_at": server.at("09:00"),
    }
    answer = server.client.post("/v1/offers", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "no-road")
    assert answer.json()["end"] == "destination"


@pytest.fixture
def half(start: Any, region: Any) -> Any:
    """Start a server whose area is the western half of the village."""
    area = region.areas["talheim"].with_boundary(shapely.box(9.09, 48.39, 9.125, 48.45))
    return start(regions={"talheim": replace(region, areas={"talheim": area})})


def test_outside_the_area_is_refused_with_its_rule(half: Any) -> None:
    wish = {"depart_at": half.at("09:00")}
    assert half.ask(half.place(0, 0), half.place(3, 3), **wish)["offers"]
    for ends in ((half.place(0, 0), half.place(6, 3)), (half.place(6, 3), half.place(0, 0))):
        answer = half.ask(*ends, **wish)
        assert answer["refusal"]["rule"] == "outside_area"


def test_area_is_described_with_its_boundary(half: Any) -> None:
    (area,) = half.client.get("/v1/areas").json()["areas"]
    assert area["bbox"] == [9.09, 48.39, 9.125, 48.45]
    assert area["boundary"]["type"] == "Polygon"
    assert (area["invented"], area["door_to_door"]) == (True, True)
    assert area["stops"][0]["name"] == "Rathaus Talheim"
    assert (
        half.client.get("/v1/areas/talheim/places?q=Ahornweg 8").json()["places"][0]["inside"]
        is False
    )


@pytest.fixture
def stops_only(start: Any, region: Any) -> Any:
    """Start a server whose area serves its stops only."""
    from regions.area import Service
    from regions.patterns import AreaStop

    area = region.areas["talheim"]
    market = AreaStop(id="markt", name="Marktplatz", lon=9.1340, lat=48.4225)
    area = replace(area, service=Service.STOPS, stops=(*area.stops, market))
    return start(regions={"talheim": replace(region, areas={"talheim": area})})


def test_stops_only_areas_take_the_nearest_stop(stops_only: Any) -> None:
    wish = {"depart_at": stops_only.at("09:00")}
    near_town_hall = {"lon": 9.1140, "lat": 48.4095}
    offer = stops_only.ask(near_town_hall, {"address": "Marktplatz"}, **wish)["offers"][0]
    assert offer["origin"]["label"] == "Rathaus Talheim"
    assert offer["destination"] == {"label": "Marktplatz", "lon": 9.1340, "lat": 48.4225}
    refusal = stops_only.ask(stops_only.place(0, 0), {"address": "Marktplatz"}, **wish)["refusal"]
    assert refusal["rule"] == "outside_area"

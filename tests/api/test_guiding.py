"""The way from halt to halt, as the tablet asks for it."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest


@pytest.fixture
def tour(server: Any) -> dict[str, Any]:
    """Book one ride, from the second house of the first street up to the seventh street."""
    server.book(server.place(2, 0), server.place(2, 6), depart_at=server.at("09:00"))
    server.clock.move(hours=3)
    (only,) = server.tours()["tours"]
    return dict(only)


def way(server: Any, tour_id: str, language: str = "de") -> Any:
    url = f"/v1/tours/{tour_id}/directions"
    return server.client.get(url, headers={"Accept-Language": language})


def test_every_drive_is_told(server: Any, tour: dict[str, Any]) -> None:
    answer = way(server, tour["id"])
    assert answer.status_code == 200, answer.text
    first, second = (visit["id"] for visit in tour["visits"])
    legs = answer.json()["legs"]
    ends = [(leg["from_visit"], leg["to_visit"]) for leg in legs]
    assert ends == [(None, first), (first, second), (second, None)]
    assert sum(leg["metres"] for leg in legs) == tour["metres"]
    for leg in legs:
        assert [leg["steps"][0]["kind"], leg["steps"][-1]["kind"]] == ["depart", "arrive"]
        assert sum(step["metres"] for step in leg["steps"]) == leg["metres"]
        assert leg["points"][0] == leg["steps"][0]["place"]
        assert leg["points"][-1] == leg["steps"][-1]["place"]
        assert all(step["text"].endswith(step["action"][3:]) for step in leg["steps"][:-1])
        assert leg["steps"][-1]["action"].startswith("Das Ziel")
    assert "gasse" in legs[1]["steps"][0]["text"] + legs[1]["steps"][1]["text"]


def test_it_is_told_in_the_language_asked_for(server: Any, tour: dict[str, Any]) -> None:
    german, english = (way(server, tour["id"], code).json() for code in ("de", "en"))
    assert german["legs"][0]["steps"][0]["text"].endswith("losfahren")
    assert english["legs"][0]["steps"][0]["text"].startswith("Head ")
    assert [german["language"], english["language"]] == ["de", "en"]


def test_what_is_driven_is_told_no_more(server: Any, tour: dict[str, Any]) -> None:
    visit = tour["visits"][0]
    server.clock.instant = datetime.fromisoformat(visit["depart"])
    for kind, at in (("arrived", visit["arrive"]), ("departed", visit["depart"])):
        body = {"event_id": str(uuid4()), "type": kind, "at": at}
        url = f"/v1/tours/{tour['id']}/visits/{visit['id']}/events"
        assert server.client.post(url, json=body).status_code == 200
    legs = way(server, tour["id"]).json()["legs"]
    assert [leg["from_visit"] for leg in legs] == [each["id"] for each in tour["visits"]]


def test_nobody_drives_without_bookings(server: Any) -> None:
    (empty,) = server.tours()["tours"]
    assert way(server, empty["id"]).json()["legs"] == []


@pytest.mark.parametrize("tour_id", ["nonsense", "talheim.2026-03-30.nacht", "x.2026-03-30.frueh"])
def test_unknown_tour(server: Any, tour_id: str) -> None:
    answer = way(server, tour_id)
    assert (answer.status_code, answer.json()["code"]) == (404, "tour-unknown")

"""The description of the API: complete, with examples, true."""

from typing import Any

import pytest

from api.kinds import KINDS
from api.schemas.answers import BookingAnswer

OPERATIONS = {
    "listAreas",
    "searchPlaces",
    "askForOffers",
    "askForJourneys",
    "listConnectionCases",
    "bookJourney",
    "book",
    "showBooking",
    "cancelBooking",
    "findRide",
    "showDevice",
    "signInDriver",
    "signOffDriver",
    "handOver",
    "listBookings",
    "listRefusals",
    "listTours",
    "showTour",
    "tellWay",
    "reportVisit",
    "listShifts",
    "addShift",
    "showShift",
    "assignShift",
    "takeShift",
    "giveShiftBack",
    "offerShift",
    "withdrawShift",
    "reopenShift",
    "listDrivers",
    "addDriver",
    "showDriver",
    "changeDriver",
    "listVehicles",
    "putVehicleOut",
    "putVehicleBack",
    "listClosures",
    "addClosure",
    "liftClosure",
    "breakDown",
    "exportPerson",
    "erasePerson",
    "askForChange",
    "changeBooking",
    "searchRiders",
    "addRider",
    "showRider",
    "changeRider",
    "listStandingOrders",
    "addStandingOrder",
    "showStandingOrder",
    "changeStandingOrder",
    "settleStandingRide",
    "giveFeedback",
    "listFeedback",
    "exportFeedback",
    "answerFeedback",
    "statistics",
    "exportStatistics",
    "exportRides",
    "listMessages",
    "retryMessage",
    "callInstead",
    "noteCall",
    "pushKey",
    "tellBrowser",
    "flexFeed",
    "plainFeed",
    "realtimeFeed",
    "health",
    "ready",
    "listen",
    "time",
    "metrics",
}


@pytest.fixture
def document(server: Any) -> dict[str, Any]:
    """Fetch the OpenAPI document as served."""
    return dict(server.client.get("/openapi.json").json())


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """All operations of the document."""
    return [operation for methods in document["paths"].values() for operation in methods.values()]


def test_all_operations_are_described(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert {each["operationId"] for each in operations(document)} == OPERATIONS
    for operation in operations(document):
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]


def test_every_error_is_a_documented_problem(document: dict[str, Any]) -> None:
    for operation in operations(document):
        for status, answer in operation["responses"].items():
            if status < "400":
                continue
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/ProblemDocument"}
            for code, example in content["examples"].items():
                assert KINDS[code].status == int(status) == example["value"]["status"]
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert "ProblemDocument" in document["components"]["schemas"]


def test_examples_of_bodies_are_valid(document: dict[str, Any], server: Any) -> None:
    schemas = document["components"]["schemas"]
    (wish,) = schemas["OfferWish"]["examples"]
    assert server.client.post("/v1/offers", json=wish).json()["code"] == "area-unknown"
    for kind, url in (("PersonExportWish", "export"), ("PersonWish", "erase")):
        (who,) = schemas[kind]["examples"]
        assert server.client.post(f"/v1/persons/{url}", json=who).json()["code"] == "person-unknown"
    (booking,) = schemas["BookingAnswer"]["examples"]
    assert BookingAnswer.model_validate(booking).code == "K7M-3QP"


def test_examples_of_roster_bodies_are_valid(document: dict[str, Any], server: Any) -> None:
    schemas, keyed = document["components"]["schemas"], {"Idempotency-Key": "k"}
    for kind, url, code in (
        ("ShiftWish", "shifts", "area-unknown"),
        ("DriverWish", "drivers", "area-unknown"),
        ("ClosureWish", "closures", "area-unknown"),
        ("OutageWish", "vehicles/bus-1/out-of-service", "area-unknown"),
        ("BreakdownReport", "tours/x.2026-03-30.y/breakdown", "tour-unknown"),
    ):
        (example,) = schemas[kind]["examples"]
        answer = server.client.post(f"/v1/{url}", json=example, headers=keyed)
        assert answer.json()["code"] == code


def test_staff_operations_name_their_scheme(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "__Host-session")
    assert (schemes["key"]["type"], schemes["key"]["scheme"]) == ("http", "bearer")
    secured = [each for each in operations(document) if each.get("security")]
    assert all(each["security"] == [{"session": []}, {"key": []}] for each in secured)
    assert all({"401", "403"} <= each["responses"].keys() for each in secured)
    guarded = {each["operationId"] for each in secured}
    assert guarded == {
        "listBookings",
        "listConnectionCases",
        "listRefusals",
        "listTours",
        "listen",
        "showTour",
        "tellWay",
        "reportVisit",
        "listShifts",
        "addShift",
        "showShift",
        "assignShift",
        "takeShift",
        "giveShiftBack",
        "offerShift",
        "withdrawShift",
        "reopenShift",
        "listDrivers",
        "addDriver",
        "showDriver",
        "changeDriver",
        "listVehicles",
        "putVehicleOut",
        "putVehicleBack",
        "listClosures",
        "addClosure",
        "liftClosure",
        "breakDown",
        "exportPerson",
        "erasePerson",
        "searchRiders",
        "addRider",
        "showRider",
        "changeRider",
        "listStandingOrders",
        "addStandingOrder",
        "showStandingOrder",
        "changeStandingOrder",
        "settleStandingRide",
        "listFeedback",
        "exportFeedback",
        "answerFeedback",
        "statistics",
        "exportStatistics",
        "exportRides",
        "listMessages",
        "retryMessage",
        "callInstead",
        "noteCall",
    }


def test_problem_table_speaks_both_languages() -> None:
    for code, kind in KINDS.items():
        assert code == code.lower()
        for texts in (kind.titles, kind.sentences):
            assert all(texts)
            assert texts[0] != texts[1]
        assert all(sentence.endswith(".") for sentence in kind.sentences)


@pytest.mark.parametrize("code", KINDS)
def test_type_of_a_problem_leads_to_its_explanation(server: Any, code: str) -> None:
    page = server.client.get(f"/problems/{code}")
    assert page.status_code == 200
    assert KINDS[code].titles[1] in page.text.replace("&#x27;", "'")


def test_unknown_problem_is_not_found(server: Any) -> None:
    assert server.client.get("/problems/<script>").status_code == 404


def test_reference_page_loads_nothing(server: Any) -> None:
    page = server.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "POST /v1/offers" in page.text
    assert "<script" not in page.text
    shown = page.text.replace("https://updates.push.services.mozilla.com", "")  # an example
    assert "http" not in shown.replace("http-equiv", "")

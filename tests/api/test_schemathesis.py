"""Cases drawn from our own description of the API: nothing breaks, and every answer is as described.

Every operation of the description is tried, also those added later. Half of the cases are as described, half
are not. Most ids are exchanged for some that exist, so that cases reach what lies behind them.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.clock import Clock
from api.settings import Settings

CASES = 3_000
"""Tried at least, over all operations."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
METHODS = ("get", "put", "post", "delete", "patch")
DOCUMENT = create_app(Settings(improve=False), Clock()).openapi()
OPERATIONS = {
    operation["operationId"]: operation
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method in METHODS
}
WITH_INPUT = [
    name for name, each in OPERATIONS.items() if each.get("parameters") or "requestBody" in each
]
EACH = math.ceil(CASES / len(WITH_INPUT) / 2)
"""As many cases are as described, and as many are not."""
STREAM = "text/event-stream"


NAMES = {
    "area_id",
    "arrive_by",
    "booking_id",
    "date",
    "depart_at",
    "destination",
    "name",
    "offer",
    "origin",
    "passengers",
    "phone",
    "q",
    "tour_id",
    "visit_id",
}
"""Fields whose values are exchanged for some that exist."""


class Known:
    """Names and values of the running server, so that cases reach what lies behind them."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.values: dict[str, list[Any]] = {
            "area_id": ["talheim"],
            "date": ["2026-03-30", "2026-03-31"],
            "phone": ["07123 4567", "+49 7123 4567"],
            "origin": [server.place(0, 0), {"address": "Ahornweg 1"}],
            "destination": [server.place(4, 4)],
            "depart_at": [server.at("09:00")],
            "arrive_by": [None],
            "passengers": [{"seat": 1}],
            "name": ["Hedwig Beck"],
            "q": ["Ahornweg"],
        }
        self.booked = 0
        self.renew()

    def renew(self) -> None:
        """Book a ride, so that there is one to be cancelled, driven and erased."""
        wish = {"depart_at": self.server.at("09:00")}
        where = self.server.place(self.booked % 8, 1), self.server.place(4, 5)
        offers = self.server.ask(*where, **wish)["offers"]
        if not offers:
            return
        self.booked += 1
        taken = self.server.take(offers[0], phone=f"07123 45{self.booked:05}").json()
        self.values["booking_id"] = [taken["id"]]
        self.values["offer"] = [each["token"] for each in self.server.ask(*where, **wish)["offers"]]
        tours = [tour for tour in self.server.tours()["tours"] if tour["visits"]]
        self.values["tour_id"] = [tour["id"] for tour in tours]
        self.values["visit_id"] = [visit["id"] for visit in tours[0]["visits"]]

    def put_into(self, given: Any, data: Any) -> Any:
        """Exchange some of what is given for what exists."""
        if not isinstance(given, Mapping):
            return given
        chosen = {}
        for name in sorted(given.keys() & NAMES):  # what is drawn must not depend on the server
            kept = data.draw(st.integers(0, 3), label=f"exchange {name} unless 0") == 0
            values, index = self.values.get(name), data.draw(st.integers(0, 7), label=name)
            if values and not kept:
                chosen[name] = values[index % len(values)]
        return {**given, **chosen}


@pytest.fixture(scope="module")
def schema() -> Any:
    """Read the description as a client does."""
    config = SchemathesisConfig.from_dict({"max-stream-events": 1})
    return schemathesis.openapi.from_dict(DOCUMENT, config=config)


@pytest.fixture(scope="module", autouse=True)
def tally() -> Iterator[Counter[str]]:
    """Count the cases by operation; when all operations have had theirs, there are enough."""
    counted: Counter[str] = Counter()
    yield counted
    if counted.keys() == OPERATIONS.keys():
        assert counted.total() >= CASES, f"only {counted.total()} cases were tried"


@pytest.fixture
def known(server: Any) -> Known:
    """Fill a day of the village."""
    return Known(server)


def without_start(app: Any) -> Any:
    """Give an application that is started already, for a caller who would start it again."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)
            return
        raise NotImplementedError("started already")

    return serve


def as_headers(headers: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    """Leave out what lets a stream wait for news that never come here (see test_live)."""
    return {
        name: value
        for name, value in headers.items()
        if not (stream and name.lower() == "last-event-id")
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_case_is_answered_as_described(
    known: Known, schema: Any, tally: Counter[str], name: str
) -> None:
    operation = schema.find_operation_by_id(name)
    app = without_start(known.server.client.app)
    stream = STREAM in OPERATIONS[name]["responses"].get("200", {}).get("content", {})

    def try_cases(mode: GenerationMode, count: int) -> None:
        @settings(
            max_examples=count,
            database=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def answered(case: Any, data: Any) -> None:
            tally[name] += 1
            if case.method != "GET" and tally[name] % 20 == 0:
                known.renew()
            case.path_parameters = known.put_into(case.path_parameters, data)
            case.query = known.put_into(case.query, data)
            case.body = known.put_into(case.body, data)
            case.headers = as_headers(case.headers or {}, stream=stream)
            response = case.call(app=app, base_url="http://localhost")
            case.validate_response(response, checks=CHECKS)

        answered()

    if name in WITH_INPUT:
        try_cases(GenerationMode.POSITIVE, EACH)
        try_cases(GenerationMode.NEGATIVE, EACH)
    else:
        try_cases(GenerationMode.POSITIVE, 1)


def test_a_wrong_description_is_noticed(known: Known, schema: Any) -> None:
    """The check can fail: an answer that is not described, a field that is missing."""
    case = schema.find_operation_by_id("listAreas").Case(method="GET")
    response = known.server.client.get("/v1/areas")
    case.validate_response(response, checks=CHECKS)
    response.status_code = 418
    with pytest.raises(FailureGroup):
        case.validate_response(response, checks=CHECKS)


def test_description_is_openapi(schema: Any) -> None:
    schema.validate()


def examples() -> Iterator[tuple[str, Any, Any]]:
    """Yield each model with an example of it."""
    for name, model in DOCUMENT["components"]["schemas"].items():
        for example in model.get("examples", ()):
            yield name, model, example


@pytest.mark.parametrize(("name", "model", "example"), tuple(examples()))
def test_examples_are_what_they_are_examples_of(name: str, model: Any, example: Any) -> None:
    components = {"components": DOCUMENT["components"]}
    validator = Draft202012Validator({"$ref": f"#/components/schemas/{name}"} | components)
    assert list(validator.iter_errors(example)) == []
    assert example.keys() <= model["properties"].keys()

"""Bodies, paths and headers nobody sends by accident: each is refused with a code, none breaks the server."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.kinds import KINDS

GOOD = {
    "area_id": "talheim",
    "origin": {"lon": 9.1, "lat": 48.4},
    "destination": {"lon": 9.13, "lat": 48.42},
    "depart_at": "2026-03-30T09:00:00+02:00",
}


JSON_TYPE = {"Content-Type": "application/json"}


def wish(**changes: Any) -> str:
    """Return a good wish with something changed."""
    return json.dumps(GOOD | changes)


DEEP = "[" * 20_000 + "]" * 20_000
BODIES: dict[str, str | bytes] = {
    "nothing": "",
    "no json": "hello",
    "cut short": wish()[:-5],
    "a list": "[]",
    "null": "null",
    "a number": "7",
    "NaN": wish().replace("9.1,", "NaN,"),
    "infinity": wish().replace("9.1,", "-Infinity,"),
    "1e999": wish().replace("9.1,", "1e999,"),
    "huge integer": wish().replace("9.1,", "9" * 400 + ","),
    "huge integer of a party": wish(passengers={"seat": 10**30}),
    "int64 overflow": wish(passengers={"seat": 2**63}),
    "half a seat": wish(passengers={"seat": 1.5}),
    "true seats": wish(passengers={"seat": True}),
    "seats as text": wish(passengers={"seat": "2"}),
    "negative seats": wish(passengers={"seat": -1}),
    "nobody": wish(passengers={"seat": 0, "walker": 1}),
    "unknown load": wish(passengers={"seat": 1, "elephant": 1}),
    "NUL": wish(origin={"address": "Ahorn\x00weg"}),
    "control characters": wish(origin={"address": "Ahornweg\n1"}),
    "lone surrogate": wish(origin={"address": "\ud800"}),
    "lone surrogate as a name": '{"\\ud800": 1}',
    "empty address": wish(origin={"address": "   "}),
    "long address": wish(origin={"address": "x" * 201}),
    "address and position": wish(origin={"address": "x", "lon": 9.1, "lat": 48.4}),
    "longitude as text": wish(origin={"lon": "9.1", "lat": 48.4}),
    "off the globe": wish(origin={"lon": 9.1, "lat": 999}),
    "no latitude": wish(origin={"lon": 9.1}),
    "place as text": wish(origin="Ahornweg 1"),
    "place as list": wish(origin=[9.1, 48.4]),
    "member named twice": '{"area_id": "talheim", ' + wish()[1:],
    "unknown member": wish(please=True),
    "no time": json.dumps({k: v for k, v in GOOD.items() if k != "depart_at"}),
    "two times": wish(arrive_by="2026-03-30T09:00:00+02:00"),
    "time without offset": wish(depart_at="2026-03-30T09:00:00"),
    "time as number": wish(depart_at=1774854000),
    "year 9999": wish(depart_at="9999-12-31T23:59:59+00:00"),
    "year 1": wish(depart_at="0001-01-01T00:00:00+14:00"),
    "day that is not": wish(depart_at="2026-02-30T09:00:00+01:00"),
    "area with a path": wish(area_id="../../etc/passwd"),
    "deep": DEEP,
    "deep member": wish(origin=1).replace(": 1,", f": {DEEP[9_000:31_000]},"),
    "utf-16 garbage": b"\xff\xfe\x00\xd8",
    "latin-1": wish(origin={"address": "x"}).replace("x", "Mühlgasse").encode("latin-1"),
    "too large": wish(origin={"address": "x" * 70_000}),
}


@pytest.mark.parametrize("name", BODIES)
def test_hostile_bodies_are_refused(server: Any, name: str) -> None:
    content = BODIES[name]
    answer = server.client.post(
        "/v1/offers",
        content=content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"),
        headers=JSON_TYPE,
    )
    assert answer.status_code in {400, 413, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"] in {"json-malformed", "invalid", "too-large", "bad-request"}


def test_the_good_wish_is_good(server: Any) -> None:
    assert server.client.post("/v1/offers", content=wish()).status_code == 422  # no content type
    assert server.client.post("/v1/offers", json=GOOD).json()["offers"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"name": ""}, 422),
        ({"name": " "}, 422),
        ({"name": "x" * 101}, 422),
        ({"name": "A\x00B"}, 422),
        ({"name": 7}, 422),
        ({"name": "Hedwig \u202ekceB"}, 422),
        ({"name": "Hedwig\u2066Beck"}, 422),
        ({"name": "Hedwig\u200bBeck"}, 422),
        ({"name": "Hedwig\u2028Beck"}, 422),
        ({"name": "Hedwig\u2029Beck"}, 422),
        ({"name": "\ufeffHedwig"}, 422),
        ({"phone": "112233445566778899001122"}, 422),
        ({"phone": "call me"}, 422),
        ({"phone": "+0"}, 422),
        ({"offer": ""}, 422),
        ({"offer": "x" * 5000}, 422),
        ({"offer": "a.b.c"}, 422),
        ({"offer": "🚌.🚌"}, 422),
        ({"paid": True}, 422),
    ],
)
def test_hostile_bookings(server: Any, changes: dict[str, Any], status: int) -> None:
    offer = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    answer = server.client.post(
        "/v1/bookings",
        json={"offer": offer["offers"][0]["token"], "name": "Hedwig"} | changes,
        headers={"Idempotency-Key": "k"},
    )
    assert answer.status_code == status, answer.text
    assert answer.json()["code"] in {"invalid", "phone-invalid", "offer-invalid"}


@pytest.mark.parametrize(
    "name",
    ["\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "क्\u200dष", "Łucja Öztürk", "O\u2019Neill 🚌"],
)
def test_names_of_all_writings_are_kept(server: Any, name: str) -> None:
    offer = server.ask(server.place(0, 0), server.place(4, 4), depart_at=server.at("09:00"))
    answer = server.take(offer["offers"][0], name=name)
    assert (answer.status_code, answer.json().get("name")) == (201, name)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/areas/%00/places?q=x",
        "/v1/areas/talheim/places?q=%00",
        "/v1/areas/talheim/places?q=%ff%fe",
        "/v1/areas/talheim/places?q=x&limit=1e9",
        "/v1/areas/talheim/places?q=x&limit=99999999999999999999999",
        "/v1/areas/talheim/places?q=" + "x" * 5_000,
        "/v1/areas/talheim/places?q=%22%27%3B--%20DROP%20TABLE",
        "/v1/bookings/%ed%a0%80",
        "/v1/bookings/" + "x" * 5_000,
        "/v1/bookings?date=0000-00-00",
        "/v1/bookings?date=9999-12-31",
        "/v1/tours?date=0001-01-01",
        "/v1/tours?date=2026-03-30&area_id=%2e%2e",
        "/v1/tours",
        "/static/../../settings.py",
        "/static/%2e%2e/%2e%2e/settings.py",
        "/map/talheim/../../manifest.json",
        "/fahrer/%00",
        "/static/%00",
    ],
)
def test_hostile_paths(server: Any, path: str) -> None:
    answer = server.client.get(path)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"]


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 5_000, "65537"])
def test_hostile_content_length(server: Any, length: str) -> None:
    answer = server.client.post(
        "/v1/offers", content=b"{}", headers={b"Content-Length": length.encode()}
    )
    assert answer.status_code in {400, 413}


def test_endless_body_is_cut_off(server: Any) -> None:
    """A body sent in pieces without a length is read up to the limit and no further."""
    sent = 0

    def pieces() -> Any:
        nonlocal sent
        for _ in range(5_000):
            sent += 1_000
            yield b" " * 1_000

    answer = server.client.post("/v1/offers", content=pieces(), headers=JSON_TYPE)
    assert answer.status_code == 413
    assert answer.json()["code"] == "too-large"


def test_unexpected_errors_tell_nothing(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is answered with 500 and the usual headers, without its text."""

    def fail(*_: Any) -> None:
        raise RuntimeError("secret path and password")

    monkeypatch.setattr("api.showing.areas", fail)
    answer = server.client.get("/v1/areas")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "area_id": st.just("talheim") | JSON,
        "origin": st.fixed_dictionaries({"lon": st.floats(), "lat": st.floats()}) | JSON,
        "destination": st.fixed_dictionaries({"address": st.text()}) | JSON,
        "depart_at": st.datetimes(timezones=st.timezones()).map(str) | JSON,
        "passengers": st.dictionaries(st.sampled_from(["seat", "pram", "walker"]), st.integers()),
        "offer": st.text() | JSON,
        "name": st.text() | JSON,
        "phone": st.text() | JSON,
    },
)


@given(body=NEARLY | JSON, path=st.sampled_from(["/v1/offers", "/v1/bookings"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_body_breaks_the_server(server: Any, body: Any, path: str) -> None:
    """Whatever JSON is sent, the answer is a good one or a problem of the sender's."""
    answer = server.client.post(
        path, content=json.dumps(body), headers=JSON_TYPE | {"Idempotency-Key": "k"}
    )
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json()["code"] in KINDS


METHODS: dict[str, Callable[[Any], Any]] = {
    "unknown path": lambda client: client.get("/v1/nothing"),
    "wrong method": lambda client: client.put("/v1/areas"),
    "unknown area": lambda client: client.get("/v1/areas/nowhere/places?q=x"),
    "unknown booking": lambda client: client.get("/v1/bookings/nothing"),
    "bad date": lambda client: client.get("/v1/tours?date=today"),
}


@pytest.mark.parametrize("name", METHODS)
def test_every_error_is_a_problem_document(server: Any, name: str) -> None:
    answer = METHODS[name](server.client)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "de"
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["status"] == answer.status_code
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"].startswith("/v1/")


def test_wrong_fields_are_pointed_at_and_not_repeated(server: Any) -> None:
    body = GOOD | {"origin": {"lon": "secret", "lat": 48.4}, "passengers": {"seat": 1.5}}
    problem = server.client.post("/v1/offers", json=body).json()
    assert {error["pointer"] for error in problem["errors"]} == {"/origin/lon", "/passengers/seat"}
    assert {error["in"] for error in problem["errors"]} == {"body"}
    assert "secret" not in json.dumps(problem)


def test_problems_speak_english_to_who_asks(server: Any) -> None:
    german = server.client.get("/v1/bookings/x").json()
    english = server.client.get("/v1/bookings/x", headers={"Accept-Language": "en"}).json()
    assert german["detail"] == "Diese Buchung gibt es nicht."
    assert english["detail"] == "There is no such booking."
    assert german["code"] == english["code"]


def test_retry_is_told_when(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.store.errors import StoreBusy

    def busy(*_: Any) -> None:
        raise StoreBusy("database-busy", "somebody else")

    monkeypatch.setattr("api.showing.bookings", busy)
    answer = server.client.get("/v1/bookings?date=2026-03-30")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert int(answer.headers["retry-after"]) > 0

"""Feedback: anybody may say something, nobody can fill the disk with it, staff answers."""

import json
from typing import Any
from uuid import uuid4

import pytest

from api.rider_services import FEEDBACK_AN_HOUR
from api.rights import Role
from tests.api.people import signed_in
from tests.api.persons import book

BOTH = pytest.mark.parametrize("store_url", ["sqlite", "postgresql"], indirect=True)
BODY = {"area_id": "talheim", "kind": "idea", "text": "Ein Halt am Friedhof"}


def send(server: Any, body: Any, key: str = "") -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"}
    return server.client.post("/v1/feedback", content=content, headers=headers)


def listed(server: Any, **query: str) -> list[dict[str, Any]]:
    answer = server.client.get("/v1/feedback", params={"area_id": "talheim"} | query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["feedback"])


@BOTH
def test_feedback_is_taken_once_read_and_answered(server: Any) -> None:
    booking = book(server)
    body = BODY | {
        "about": "booking",
        "about_id": booking["id"],
        "stars": 2,
        "text": "Spät\r\nwar er",
    }
    first = send(server, body, "k")
    assert first.status_code == 201, first.text
    again = send(server, body, "k")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    (said,) = listed(server)
    assert (said["text"], said["stars"], said["state"]) == ("Spät\nwar er", 2, "new")
    url = f"/v1/feedback/{said['id']}"
    assert server.client.patch(url, json={"state": "seen"}).json()["state"] == "seen"
    answer = {"state": "answered", "answer": "Das tut uns leid."}
    assert server.client.patch(url, json=answer).json()["answer"] == "Das tut uns leid."
    assert server.client.patch(url, json={"state": "seen"}).json()["state"] == "answered"
    assert [each["id"] for each in listed(server, state="answered")] == [said["id"]]
    assert listed(server, state="new") == []
    gone = server.client.patch("/v1/feedback/nobody", json={"state": "seen"})
    assert gone.json()["code"] == "feedback-unknown"


@pytest.mark.parametrize(
    "body",
    [
        BODY | {"text": ""},
        BODY | {"text": "   \n "},
        BODY | {"text": "x" * 2001},
        BODY | {"text": "a\u0000b"},
        BODY | {"text": "a\u202eb"},
        BODY | {"text": "a\x1b[31m"},
        BODY | {"text": 5},
        BODY | {"stars": 0},
        BODY | {"stars": 6},
        BODY | {"stars": 2.5},
        BODY | {"stars": True},
        BODY | {"stars": 10**30},
        BODY | {"kind": "spam"},
        BODY | {"about": "booking"},
        BODY | {"about": "booking", "about_id": "nobody"},
        BODY | {"about": "page", "about_id": "javascript:alert(1)"},
        BODY | {"area_id": "elsewhere"},
        BODY | {"area_id": "../x"},
        BODY | {"contact": "x" * 201},
        BODY | {"contact": "a\nb"},
        BODY | {"state": "answered"},
        [],
        '{"area_id": "talheim", "kind": "idea", "text": "a", "text": "b"}',
        '{"area_id": "talheim", "kind": "idea", "text": "\\ud800"}',
        '{"area_id": "talheim", "kind": "idea", "text": "a", "stars": NaN}',
        b"\xff\xfe",
        "[" * 5000,
        json.dumps(BODY | {"text": "x" * 70_000}),
    ],
)
def test_hostile_bodies_are_refused_and_leave_nothing(server: Any, body: Any) -> None:
    answer = send(server, body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert listed(server) == []


def test_one_address_can_say_so_much_an_hour(server: Any) -> None:
    answers = [send(server, BODY) for _ in range(FEEDBACK_AN_HOUR + 1)]
    assert {each.status_code for each in answers[:-1]} == {201}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "too-many-requests")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600
    assert len(listed(server)) == FEEDBACK_AN_HOUR


def test_only_staff_reads_and_answers(server: Any) -> None:
    admin = signed_in(server, Role.ADMINISTRATOR)
    municipality, agent = signed_in(server, Role.MUNICIPALITY), signed_in(server, Role.AGENT)
    said = send(server, BODY | {"contact": "Hedwig"}).json()
    url = "/v1/feedback?area_id=talheim"
    for path in (url, "/v1/feedback.csv?area_id=talheim", "/leitstelle/rueckmeldungen"):
        assert server.client.get(path).status_code == 401
        assert server.client.get(path, headers=agent).status_code == 403
    seen = {"state": "seen"}
    one = f"/v1/feedback/{said['id']}"
    assert server.client.patch(one, json=seen).status_code == 401
    assert server.client.patch(one, json=seen, headers=municipality).status_code == 403
    told = [
        server.client.get(url, headers=who).json()["feedback"][0] for who in (admin, municipality)
    ]
    assert [each["contact"] for each in told] == ["Hedwig", None]


@pytest.mark.parametrize("layout", ["excel", "plain"])
def test_words_never_become_formulas(server: Any, layout: str) -> None:
    """CSV injection (CWE-1236): a spreadsheet must not compute what a stranger wrote."""
    bad = [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "\uff1d1+1",
        " =1",
    ]
    for text in bad:
        assert send(server, BODY | {"text": text}).status_code == 201
    send(server, BODY | {"text": 'Er sagte: "Gut; danke", und\nging'})
    query = {"area_id": "talheim", "format": layout}
    answer = server.client.get("/v1/feedback.csv", params=query)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8")
    assert text.startswith("\ufeff") is (layout == "excel")
    import csv
    from io import StringIO

    rows = list(
        csv.reader(
            StringIO(text.lstrip("\ufeff"), newline=""), delimiter=";" if layout == "excel" else ","
        )
    )
    words = [row[5] for row in rows[1:]]
    assert len(words) == 8
    assert 'Er sagte: "Gut; danke", und\nging' in words
    assert not [cell for row in rows for cell in row if cell.strip()[:1] in set("=+-@\uff1d\t\r")]
    assert {"'" + each for each in (b.strip() for b in bad)} <= set(words)

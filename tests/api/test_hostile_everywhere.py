"""What no client sends by accident, to everything that takes a body: refused with a code, nowhere a fault of ours."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.routing import Route

from api import pages
from api.kinds import KINDS
from tests.api.test_schemathesis import DOCUMENT, METHODS

REFUSED = {
    "json-malformed",
    "invalid",
    "too-large",
    "bad-request",
    "phone-invalid",
    "offer-invalid",
}
LIMIT = 64 * 1024
WITH_BODY = {
    operation["operationId"]: (method, path, operation["requestBody"])
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in METHODS and "requestBody" in operation
}
FORMS = sorted(
    {
        route.path
        for router in pages.routers()
        for route in router.routes
        if isinstance(route, Route) and "POST" in (route.methods or ())
    }
)
JSON_TYPE = {"Content-Type": "application/json"}
HEADERS = {"Idempotency-Key": "k", "If-Match": '"1"'}


def example(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a good body of an operation, as its description shows it."""
    named = body["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
    shown = DOCUMENT["components"]["schemas"].get(named, {}).get("examples", [{}])
    return dict(shown[0])


def texts(good: str) -> Iterator[tuple[str, str | bytes]]:
    """Yield what is not our JSON, whatever it is meant for."""
    yield from {
        "nothing": "",
        "blank": " \r\n\t",
        "a word": "hello",
        "null": "null",
        "a number": "7",
        "negative zero": "-0",
        "a text": '"hello"',
        "true": "true",
        "a list": f"[{good}]",
        "NaN": "NaN",
        "Infinity": "[Infinity]",
        "negative Infinity": '{"x": -Infinity}',
        "1e999": '{"x": 1e999}',
        "huge integer": '{"x": ' + "9" * 5_000 + "}",
        "hexadecimal": '{"x": 0x10}',
        "leading zero": '{"x": 007}',
        "leading plus": '{"x": +7}',
        "no digit after the point": '{"x": 1.}',
        "cut short": good[:-1],
        "trailing garbage": good + "x",
        "trailing comma": good[:-1] + ",}",
        "two documents": good + good,
        "a comment": good + "// please",
        "single quotes": good.replace('"', "'") if '"' in good else "{'x': 1}",
        "name without quotes": "{x: 1}",
        "unknown member": good[:-1] + ', "please": true}' if good != "{}" else '{"please": true}',
        "prototype": '{"__proto__": {"admin": true}}',
        "empty name": '{"": 1}',
        "member named twice": '{"x": 1, "x": 2}',
        "deep lists": "[" * 30_000 + "]" * 30_000,
        "deep objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
        "deep and cut": '[{"a":' * 10_000,
        "raw NUL": '{"x": "\x00"}',
        "raw control character": '{"x": "\n"}',
        "unknown escape": '{"x": "\\x41"}',
        "lone surrogate": '{"x": "\\ud800"}',
        "lone surrogate as a name": '{"\\udfff": 1}',
        "ten thousand members": json.dumps({f"m{i}": 0 for i in range(4_500)}),
        "long name": json.dumps({"m" * 60_000: 0}),
        "byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "UTF-16": good.encode("utf-16"),
        "UTF-16 without mark": good.encode("utf-16-be"),
        "UTF-32": good.encode("utf-32"),
        "Latin-1": '{"x": "ü"}'.encode("latin-1"),
        "UTF-8 of a surrogate": b'{"x": "\xed\xa0\x80"}',
        "overlong UTF-8": b'{"x": "\xc0\x80"}',
        "UTF-8 cut short": b'{"x": "\xe2\x82"}',
        "only continuation bytes": b"\x80" * 100,
        "gzip": gzip.compress(good.encode()),
        "too large": json.dumps({"x": "x" * LIMIT}),
        "blanks too large": good + " " * LIMIT,
    }.items()


INSTEAD: dict[str, Any] = {
    "nothing": None,
    "half": 0.5,
    "huge": 2**63,
    "huger": -(10**30),
    "deep": [[[[[[{}]]]]]],
    "true": True,
    "NUL": "a\x00b",
    "writes backwards": "a\u202eb",
    "unseen": "a\u200bb",
    "unset line": "a\u2028b",
    "noncharacter": "a\ufffe\uffffb",
    "control characters": "a\x1b[2Jb\x7f\x85",
    "long": "ä" * 20_000,
}


MEANT = {
    ("assignShift", "every member is nothing"),
    ("changeDriver", "every member is nothing"),
    ("changeStandingOrder", "every member is nothing"),
}
"""What is no mistake: nobody drives a shift, nothing is known of a driver's telephone, no pause."""


def members(good: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield bodies in which every member is something else, and each body without a member."""
    for name, value in INSTEAD.items():
        yield f"every member is {name}", json.dumps(dict.fromkeys(good or ["x"], value))
    for member in good:
        yield f"{member} as a list", json.dumps({**good, member: [{"x": {}}]})
        yield f"{member} as an object", json.dumps({**good, member: {"$ref": "#", "x": []}})


ENCODED = {
    "gzip as told": (gzip.compress, {"Content-Encoding": "gzip"}),
    "a bomb": (lambda _: gzip.compress(b" " * 20_000_000), {"Content-Encoding": "gzip"}),
    "deflate as told": (zlib.compress, {"Content-Encoding": "deflate"}),
    "said to be packed": (lambda good: good, {"Content-Encoding": "gzip"}),
    "an unknown coding": (lambda good: good, {"Content-Encoding": "x-private, br"}),
}
TYPES = {
    "plain text": "text/plain",
    "XML": "application/xml",
    "a form": "application/x-www-form-urlencoded",
    "parts": "multipart/form-data; boundary=x",
    "no type": "",
    "nonsense": ";;;/",
    "another text": "application/json-seq",
}


def requests(body: Mapping[str, Any]) -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Yield everything that is tried on an operation: its name, its bytes, its headers."""
    good = example(body)
    text = json.dumps(good)
    for name, content in (*texts(text), *members(good)):
        sent = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        yield name, sent, JSON_TYPE
    for name, (pack, headers) in ENCODED.items():
        yield name, pack(text.encode()), JSON_TYPE | headers
    for name, kind in TYPES.items():
        yield name, text.encode(), {"Content-Type": kind}


def filled(path: str) -> str:
    """Put an id nobody has into an address."""
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}nobody{rest.partition('}')[2]}"
    return path


def test_there_are_many_kinds() -> None:
    assert len(list(requests({"content": {"application/json": {"schema": {}}}}))) >= 70
    assert len(WITH_BODY) >= 7
    assert len(FORMS) >= 3


@pytest.mark.parametrize("name", WITH_BODY)
def test_every_operation_refuses_them(server: Any, name: str) -> None:
    method, path, body = WITH_BODY[name]
    wrong = {}
    for kind, content, headers in requests(body):
        answer = server.client.request(
            method, filled(path), content=content, headers=HEADERS | headers
        )
        code = answer.json().get("code") if "json" in answer.headers["content-type"] else None
        if code not in REFUSED or KINDS[code].status != answer.status_code:
            wrong[kind] = (answer.status_code, code)
    meant = {kind for operation, kind in MEANT if operation == name}
    assert wrong.keys() == meant


@pytest.mark.parametrize("name", WITH_BODY)
def test_the_shown_example_is_not_refused_as_malformed(server: Any, name: str) -> None:
    """What is refused above is refused for what was done to it: the example itself is understood."""
    method, path, body = WITH_BODY[name]
    assert example(body), "no example in the description"
    answer = server.client.request(method, filled(path), json=example(body), headers=HEADERS)
    assert answer.status_code < 500
    assert answer.status_code < 400 or answer.json()["code"] not in {"json-malformed", "invalid"}


@pytest.mark.parametrize("path", FORMS)
def test_no_form_is_broken_by_them(server: Any, path: str) -> None:
    wrong = {}
    for kind, content, headers in requests({"content": {"application/json": {"schema": {}}}}):
        for sent in (headers, {"Content-Type": TYPES["a form"]}, {"Content-Type": TYPES["parts"]}):
            answer = server.client.post(filled(path), content=content, headers=sent)
            if answer.status_code >= 500:
                wrong[kind] = answer.status_code
    assert wrong == {}

"""The OpenAPI description: every operation names the problems it may answer with."""

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.kinds import KINDS
from api.problems import MEDIA_TYPE
from api.schemas.system import ProblemDocument

_SCHEMA = {"$ref": "#/components/schemas/ProblemDocument"}
_ALWAYS = ("host-unknown", "internal", "busy")
_WITH_BODY = ("json-malformed", "invalid", "too-large")
_CHANGES = ("cross-site",)
_GUARDED = ("unauthorized", "key-invalid", "forbidden", "account-missing", "password-must-change")

TAGS = [
    {"name": "areas", "description": "Where the service runs, and places in it."},
    {"name": "rides", "description": "Ask for a ride, book it, look at it, change it, cancel it."},
    {"name": "staff", "description": "For drivers and the control room."},
    {"name": "riders", "description": "Riders who are known, and their standing orders."},
    {"name": "feedback", "description": "What people say about the service."},
    {"name": "statistics", "description": "Numbers without persons, and tables."},
    {"name": "tablet", "description": "The driver's tablet about itself."},
    {
        "name": "roster",
        "description": "Who drives what when; vehicles out of service, closures, breakdowns.",
    },
    {"name": "messages", "description": "What riders are told, and what a person has to call."},
    {"name": "persons", "description": "Rights of persons: a copy of one's data, erasure."},
    {
        "name": "giving",
        "description": "For journey planners and neighbours: GTFS-Flex and GTFS-Realtime.",
    },
    {"name": "system", "description": "The server itself."},
]


def problems(
    *codes: str, body: bool = False, changes: bool = False, guarded: bool = False
) -> dict[int | str, Any]:
    """Describe the problems of an operation for OpenAPI, by their status.

    Parameters
    ----------
    codes
        Codes of :data:`api.errors.KINDS` special to the operation.
    body, changes
        Whether the operation reads a JSON body, and whether it changes anything.
    guarded
        Whether it needs a permission.
    """
    named = [
        *codes,
        *(_GUARDED if guarded else ()),
        *_ALWAYS,
        *(_WITH_BODY if body else ()),
        *(_CHANGES if changes else ()),
    ]
    by_status: dict[int | str, Any] = {}
    for code in dict.fromkeys(named):
        kind = KINDS[code]
        response = by_status.setdefault(
            kind.status,
            {"description": "", "content": {MEDIA_TYPE: {"schema": _SCHEMA, "examples": {}}}},
        )
        response["description"] += ("" if not response["description"] else "; ") + kind.titles[1]
        response["content"][MEDIA_TYPE]["examples"][code] = {
            "summary": kind.sentences[1],
            "value": {
                "type": f"/problems/{code}",
                "title": kind.titles[0],
                "status": kind.status,
                "detail": kind.sentences[0],
                "code": code,
                "instance": "/v1/…",
            },
        }
    return by_status


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of ``app``, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            openapi_version=app.openapi_version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        template = "#/components/schemas/{model}"
        schema = ProblemDocument.model_json_schema(ref_template=template)
        document["components"]["schemas"]["ProblemDocument"] = schema
        _describe_streams(document)
        app.openapi_schema = _named_plainly(document)
    return app.openapi_schema


def _describe_streams(document: dict[str, Any]) -> None:
    """Describe event streams by one event, as OpenAPI 3.1 can; the framework does it as 3.2 would."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                for content in answer.get("content", {}).values():
                    if (event := content.pop("itemSchema", None)) is not None:
                        content["schema"] = event


def _named_plainly(document: dict[str, Any]) -> dict[str, Any]:
    """Name models of the same name by their module: generators of clients make classes of the titles."""
    text = json.dumps(document, ensure_ascii=False)
    for name in document["components"]["schemas"]:
        path, _, plain = name.rpartition("__")
        if path:
            better = path.rpartition("__")[2].title() + plain
            text = text.replace(f'"{name}"', f'"{better}"').replace(f'/{name}"', f'/{better}"')
    named: dict[str, Any] = json.loads(text)
    for name, schema in named["components"]["schemas"].items():
        schema["title"] = name
    return named

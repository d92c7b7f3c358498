"""The description of the JSON API as a page to read; the usual viewers load scripts from elsewhere."""

import json
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.pages.rendering import render

router = APIRouter(include_in_schema=False)


class Operation(NamedTuple):
    """One thing a program can ask for."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str], ...]
    """Name, where it stands (``path``, ``query`` or ``header``), what it means."""
    example: str
    """Body of an example request, or nothing."""
    responses: tuple[tuple[str, str], ...]


@router.get("/docs")
def documentation(request: Request) -> Response:
    """Show every operation of the JSON API with its parameters, an example and its answers."""
    document = request.app.openapi()
    return render(
        request,
        "docs.html",
        info=document["info"],
        groups=[
            (tag["name"], tag["description"], _operations(document, tag["name"]))
            for tag in document["tags"]
        ],
    )


def _operations(document: dict[str, Any], tag: str) -> list[Operation]:
    return [
        _operation(document, method, path, found)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
        if tag in found.get("tags", ())
    ]


def _operation(
    document: dict[str, Any], method: str, path: str, found: dict[str, Any]
) -> Operation:
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=found.get("description", ""),
        parameters=tuple(
            (each["name"], each["in"], each.get("description", ""))
            for each in found.get("parameters", ())
        ),
        example=_example(document, found.get("requestBody")),
        responses=tuple(
            (status, answer["description"]) for status, answer in found["responses"].items()
        ),
    )


def _example(document: dict[str, Any], body: dict[str, Any] | None) -> str:
    if body is None:
        return ""
    schema = body["content"]["application/json"]["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    examples = document["components"]["schemas"].get(name, schema).get("examples", ())
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""

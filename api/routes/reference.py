"""Pages for programmers: every operation of the API from its OpenAPI description, every problem."""

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.errors import KINDS, Problem

router = APIRouter(include_in_schema=False)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}: API</title>
</head>
<body>
<main>
<h1>{title}: API {version}</h1>
{description}
<p>The full description, with schemas and examples, for tools: <a href="/openapi.json">openapi.json</a>
(OpenAPI {openapi}).</p>
{operations}
</main>
</body>
</html>
"""

_PROBLEM = """<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>{german}</title></head>
<body>
<main>
<h1>{german}</h1>
<p>{sentence}</p>
<div lang="en"><h2>{english}</h2><p>{other}</p></div>
<p><code>{code}</code>, HTTP {status}</p>
</main>
</body>
</html>
"""


@router.get("/docs")
def reference(request: Request) -> HTMLResponse:
    """List every operation with what it may answer."""
    document = request.app.openapi()
    info = document["info"]
    return HTMLResponse(
        _PAGE.format(
            title=escape(info["title"]),
            version=escape(info["version"]),
            openapi=escape(document["openapi"]),
            description="".join(f"<p>{escape(p)}</p>" for p in info["description"].split("\n\n")),
            operations="\n".join(_operations(document)),
        )
    )


@router.get("/problems/{code}")
def problem(code: str) -> HTMLResponse:
    """Explain a problem; its ``type`` points here."""
    kind = KINDS.get(code)
    if kind is None:
        raise Problem("not-found")
    (german, english), (sentence, other) = kind.titles, kind.sentences
    return HTMLResponse(
        _PROBLEM.format(
            code=escape(code),
            status=kind.status,
            german=escape(german),
            english=escape(english),
            sentence=escape(sentence),
            other=escape(other),
        )
    )


def _operations(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = "".join(
                f"<li>{status}: {escape(answer['description'])}</li>"
                for status, answer in operation["responses"].items()
            )
            yield (
                f'<section id="{escape(operation["operationId"])}">'
                f"<h2>{escape(operation['summary'])}</h2>"
                f"<p><code>{method.upper()} {escape(path)}</code></p>"
                f"<p>{escape(operation['description'])}</p><ul>{answers}</ul></section>"
            )

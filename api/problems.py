"""Every error as an answer: RFC 9457 for programs, a page for people."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.errors import Problem, problem_of_core, problem_of_status
from api.store.errors import StoreBusy, StoreError, StoreFull
from dispatch.errors import DispatchError
from routing.errors import RoutingError

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/v1"

_log = structlog.get_logger()
_PLACE_FIELDS = ("origin", "destination")
_PLACE_TAGS = ("point", "address")
_RETRY_AFTER = {"Retry-After": "2"}
_RETRY_WHEN_THERE_IS_ROOM = {"Retry-After": "60"}
_SERVER_ERROR = 500


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(RoutingError, _on_core)
    app.add_exception_handler(DispatchError, _on_core)
    app.add_exception_handler(StoreError, _on_store)


def problem_response(request: Request, problem: Problem) -> Response:
    """Return the answer for a problem: a page where one is shown and wanted, else RFC 9457."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if wants_page and not request.url.path.startswith(f"{API_PREFIX}/"):
        try:
            shown: Response = request.app.state.problem_page(request, problem)
        except Exception:  # noqa: BLE001  # whatever it is, there is the plain answer below
            _log.exception("the page about a problem failed", code=problem.code)
        else:
            shown.headers.update(problem.headers)
            return shown
    language = language_of(request)
    document = {
        "type": f"/problems/{problem.code}",
        "title": problem.title(language),
        "status": problem.status,
        "detail": problem.detail(language),
        "code": problem.code,
        "instance": _clean(request.url.path),
        **jsonable_encoder(problem.extra),
    }
    return Response(
        json.dumps(document, ensure_ascii=False),
        status_code=problem.status,
        headers={"Content-Language": language, **problem.headers},
        media_type=MEDIA_TYPE,
    )


def language_of(request: Request) -> str:
    """Return the language the client prefers: ``en`` where it asks for that first, else ``de``."""
    first = request.headers.get("accept-language", "").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "de"


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101  # registered for this class
    return problem_response(request, error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class
    return problem_response(request, problem_of_status(error.status_code, error.headers))


async def _on_core(request: Request, error: Exception) -> Response:
    assert isinstance(error, RoutingError | DispatchError)  # noqa: S101  # registered for these
    problem = problem_of_core(error)
    if problem.status >= _SERVER_ERROR:
        _log.error(  # without its message, which may name a booking: the id opens it
            "unexpected refusal by the core", code=error.code, error=type(error).__name__
        )
    return problem_response(request, problem)


async def _on_store(request: Request, error: Exception) -> Response:
    _log.error("database trouble", exc_info=error)
    if isinstance(error, StoreBusy):
        return problem_response(request, Problem("busy", headers=_RETRY_AFTER))
    if isinstance(error, StoreFull):
        return problem_response(request, Problem("storage-full", headers=_RETRY_WHEN_THERE_IS_ROOM))
    return problem_response(request, Problem("internal"))


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return problem_response(request, Problem("json-malformed"))
    return problem_response(request, Problem("invalid", {"errors": list(_fields(found))}))


def _fields(found: Sequence[Any]) -> Iterable[dict[str, str]]:
    """Name each wrong field; what was sent is not repeated."""
    for each in found:
        where, *path = [_clean(str(part)) for part in each["loc"]]
        kept = [
            part
            for before, part in zip(["", *path], path, strict=False)
            if not (before in _PLACE_FIELDS and part in _PLACE_TAGS)
        ]
        yield {
            "in": where,
            "pointer": "".join(f"/{_escape(part)}" for part in kept),
            "detail": _clean(each["msg"].removeprefix("Value error, ")),
            "code": each["type"],
        }


def _escape(part: str) -> str:
    """Escape one part of a JSON pointer (RFC 6901)."""
    return part.replace("~", "~0").replace("/", "~1")


def _clean(text: str) -> str:
    """Make a text that came from outside safe to encode."""
    return text.encode("utf-8", "replace").decode()

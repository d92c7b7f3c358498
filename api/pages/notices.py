"""Pages for everybody: what went wrong, and what we do about barriers."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import KINDS, Problem
from api.pages.rendering import language_of, render

router = APIRouter(include_in_schema=False)

_OK = 200


@router.get("/barrierefreiheit")
def accessibility(request: Request) -> Response:
    """Say honestly what works for people with disabilities, what not yet, and whom to tell."""
    return render(request, "accessibility.html")


@router.get("/problems/{code}")
def explain(request: Request, code: str) -> Response:
    """Explain a problem by the address its ``type`` names."""
    if code not in KINDS:
        raise Problem("not-found")
    return _message(request, Problem(code), _OK)


def problem_page(request: Request, problem: Problem) -> Response:
    """Say in one sentence what went wrong and where to go on."""
    return _message(request, problem, problem.status)


def _message(request: Request, problem: Problem, status: int) -> Response:
    code = language_of(request).code
    return render(
        request,
        "message.html",
        status,
        heading=problem.title(code),
        sentence=problem.detail(code),
    )

"""Pages for everybody: what went wrong, and what we do about barriers."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.errors import Problem
from api.pages.rendering import language_of, render

router = APIRouter(include_in_schema=False)


@router.get("/barrierefreiheit")
def accessibility(request: Request) -> Response:
    """Say honestly what works for people with disabilities, what not yet, and whom to tell."""
    return render(request, "accessibility.html")


def problem_page(request: Request, problem: Problem) -> Response:
    """Say in one sentence what went wrong and where to go on."""
    code = language_of(request).code
    return render(
        request,
        "message.html",
        problem.status,
        heading=problem.title(code),
        sentence=problem.detail(code),
    )

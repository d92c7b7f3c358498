"""Pages for everybody: what went wrong, what we do about barriers, and what we do with data."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.i18n import LANGUAGES
from api.kinds import KINDS
from api.pages.rendering import SEE_OTHER, language_of, render

router = APIRouter(include_in_schema=False)

_SENT_TO = {"unauthorized": "/anmelden", "password-must-change": "/konto/passwort"}


@router.get("/barrierefreiheit")
def accessibility(request: Request) -> Response:
    """Say honestly what works for people with disabilities, what not yet, and whom to tell."""
    return render(request, "accessibility.html")


@router.get("/datenschutz")
def privacy(request: Request) -> Response:
    """Say what is stored of riders, why, how long and where, and how to get it erased."""
    return render(request, "privacy.html")


@router.get("/problems/{code}")
def explain(request: Request, code: str) -> Response:
    """Explain a problem by the address its ``type`` names, in both languages."""
    if code not in KINDS:
        raise Problem("not-found")
    problem = Problem(code)
    return render(
        request,
        "problem.html",
        code=code,
        explained=[(one, problem.title(one), problem.detail(one)) for one in LANGUAGES],
    )


def problem_page(request: Request, problem: Problem) -> Response:
    """Say in one sentence what went wrong and where to go on; strangers are sent to sign in."""
    if problem.code in _SENT_TO:
        query = f"?{request.url.query}" if request.url.query else ""
        read = request.method in {"GET", "HEAD"}
        after = urlencode({"weiter": request.url.path + query}) if read else ""
        return RedirectResponse(f"{_SENT_TO[problem.code]}?{after}".rstrip("?"), SEE_OTHER)
    code = language_of(request).code
    return render(
        request,
        "message.html",
        problem.status,
        heading=problem.title(code),
        sentence=problem.detail(code),
    )

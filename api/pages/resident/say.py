"""Saying what one thinks: about a ride, a refused wish, a page or the service."""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.control.feedback import kind_words
from api.pages.rendering import area_of, language_of, render
from api.pages.resident.book import KEY_BYTES, Posted
from api.routes.dependencies import House
from api.routes.feedback import address_of
from api.schemas.feedback import TEXT_AT_MOST, FeedbackWish

router = APIRouter(include_in_schema=False)

_OK, _SEE_OTHER, _UNPROCESSABLE = 200, 303, 422
_FIELDS = ("zu", "id", "art", "sterne", "text", "kontakt")


@router.get("/rueckmeldung")
def ask(request: Request, house: House) -> Response:
    """Ask what somebody wants to say."""
    return _form(request, house, request.query_params, {})


@router.post("/rueckmeldung")
def say(request: Request, house: House, posted: Posted) -> Response:
    """Take it down and say thank you."""
    area, lang = area_of(house, posted.get("gebiet", "")), language_of(request)
    if area is None:
        return RedirectResponse("/", _SEE_OTHER)
    stars = posted.get("sterne", "")
    try:
        wish = FeedbackWish.model_validate(
            {
                "area_id": area.id,
                "about": posted.get("zu") or "service",
                "about_id": posted.get("id") or None,
                "kind": posted.get("art", ""),
                "stars": int(stars) if stars.isdecimal() else None,
                "text": posted.get("text", ""),
                "contact": posted.get("kontakt", "").strip() or None,
            }
        )
        house.give_feedback(wish, posted.get("schluessel", ""), address_of(request))
    except ValidationError as error:
        wrong = {str(each["loc"][0]) if each["loc"] else "" for each in error.errors()}
        words = {
            "text": lang.text("Please write a few words, at most 2000 letters."),
            "art": lang.text("Please choose what it is."),
            "kontakt": lang.text("Please check how we can reach you."),
        }
        names = {"text": "text", "kind": "art", "contact": "kontakt"}
        errors = {names.get(field, "text") for field in wrong}
        return _form(
            request, house, posted, {name: words[name] for name in words if name in errors}
        )
    except Problem as problem:
        return _form(request, house, posted, {"text": problem.detail(lang.code)})
    return render(
        request,
        "message.html",
        area=area,
        heading=lang.text("Thank you!"),
        sentence=lang.text("We read everything and get better by it."),
    )


def _form(
    request: Request, house: House, values: Mapping[str, str], errors: dict[str, str]
) -> Response:
    area, lang = area_of(house, values.get("gebiet", "")), language_of(request)
    if area is None:
        return render(request, "resident/areas.html")
    return render(
        request,
        "resident/say.html",
        _UNPROCESSABLE if errors else _OK,
        area=area,
        values={name: values.get(name, "") for name in _FIELDS},
        key=values.get("schluessel") or secrets.token_urlsafe(KEY_BYTES),
        errors=errors,
        kind_words=kind_words(lang),
        longest=TEXT_AT_MOST,
    )

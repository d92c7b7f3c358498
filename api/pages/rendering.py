"""From a template and its values to a page, in the language the person chose."""

import re
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import phonenumbers
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.i18n import LANGUAGES, Language, choose_language, language
from api.services import Services
from regions.area import Area

FOLDER = Path(__file__).parent
STATIC_FOLDER = FOLDER / "static"
SEE_OTHER = 303
LANGUAGE_COOKIE = "lang"
_YEAR_S = 366 * 86_400
_NAMES = {"de": "Deutsch", "en": "English"}


class LanguageSwitch(NamedTuple):
    """The link at the top of each page to the same page in the other language."""

    code: str
    name: str
    url: str


def language_of(request: Request) -> Language:
    """Return the language of the answer: asked for in the address, remembered, or German."""
    asked = request.query_params.get("lang")
    return language(choose_language(asked, request.cookies.get(LANGUAGE_COOKIE)))


def area_of(services: Services, area_id: str) -> Area | None:
    """Return the area named, the only one there is, or None if there is a choice to make."""
    areas = services.all_areas()
    if len(areas) == 1:
        return areas[0]
    return next((area for area in areas if area.id == area_id), None)


def area_url(area: Area | None, areas: Sequence[Area]) -> str:
    """Return the address of the start page of ``area``; the bare one where there is no choice."""
    if area is None or len(areas) == 1:
        return "/"
    return "/?" + urlencode({"gebiet": area.id})


def render(
    request: Request,
    template: str,
    status: int = 200,
    *,
    area: Area | None = None,
    **values: Any,  # noqa: ANN401  # whatever the template needs
) -> HTMLResponse:
    """Render ``template`` for ``area``, or for no area in particular.

    Every page gets the header's telephone number, the language switch and the invented-region note.
    """
    lang = language_of(request)
    html = environment(lang.code).get_template(template)
    frame = _frame(request.app.state.services, area)
    frame |= {
        "actor": getattr(request.state, "actor", None),
        "path": request.url.path,
        "other_language": _switch(request, lang.code),
        "ways": frozenset(request.app.state.outbox.channels),
    }
    response = HTMLResponse(html.render(frame | values), status)
    response.headers["Content-Language"] = lang.code
    if "lang" in request.query_params:
        response.set_cookie(
            LANGUAGE_COOKIE, lang.code, max_age=_YEAR_S, httponly=True, samesite="lax"
        )
    return response


def _frame(services: Services, area: Area | None) -> dict[str, object]:
    """Return what header and footer need: those of ``area`` or what all areas have in common."""
    areas = services.all_areas()
    concerned = [area] if area else areas
    only = concerned[0] if len(concerned) == 1 else None
    manifests = [services.context.regions[one.id].manifest for one in concerned]
    phones = {one.phone for one in concerned}
    live = services.context.live.regions[only.id] if only else None
    return {
        "areas": areas,
        "has_lines": live is not None and live.now(0).timetable is not None,
        "hears_of_delays": live is not None and bool(live.feeds.realtime),
        "area": only,
        "phone": phones.pop() if len(phones) == 1 else None,
        "invented": any(one.invented for one in concerned) or any(m.invented for m in manifests),
        "attributions": sorted({manifest.attribution for manifest in manifests}),
        "home_url": area_url(only, areas),
    }


def _switch(request: Request, current: str) -> LanguageSwitch:
    code = next(one for one in LANGUAGES if one != current)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    path = _local(request.scope["path"]) if request.method == "GET" else "/"
    return LanguageSwitch(code, _NAMES[code], f"{path}?{urlencode([*kept, ('lang', code)])}")


def _local(path: str) -> str:
    """Write a path so that no browser takes it for an address of another host (``//host``)."""
    return "/" + quote(path.replace("\\", "/").lstrip("/"))


@cache
def environment(code: str) -> Environment:
    """Return the template environment of a language; its filters write that language's way."""
    lang = language(code)
    env = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_gettext_callables(lang.text, lang.texts, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    env.globals.update(lang=lang, static=static_url)
    filters = {
        "clock": lang.clock,
        "day": _of_day(lang.day),
        "short_day": _of_day(lang.short_day),
        "money": lang.money,
        "kilometres": lang.kilometres,
        "phone": _readable,
        "tel": lambda number: re.sub(r"[^+0-9]", "", number),
    }
    env.filters.update(filters)
    env.globals["icon"] = env.get_template("icons.html").module.icon  # type: ignore[attr-defined]  # a macro
    return env


def _of_day(write: Any) -> Any:  # noqa: ANN401  a method of Language and the same for instants
    def of(moment: date | datetime) -> str:
        return str(write(moment.date() if isinstance(moment, datetime) else moment))

    return of


def _readable(number: str) -> str:
    """Write a stored telephone number in groups: ``+49 7123 4567``."""
    parsed = phonenumbers.parse(number, None)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@cache
def static_url(name: str) -> str:
    """Return the address of a static file; it changes with the file, so caches never show an old one."""
    return f"/static/{name}?v={zlib.crc32((STATIC_FOLDER / name).read_bytes()):08x}"

"""Files the server hands out: static files, the tablet's app, the map."""

from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import driver_app
from api.devices import cookies, driving
from api.errors import Problem
from api.people.access import check
from api.rights import Permission
from api.routes.dependencies import AreaPath, House
from regions.map_style import style

STATIC = Path(__file__).parent / "pages" / "static"
TABLET = Path(str(driver_app.__file__)).parent / "static" / "dist"
_TILES_TYPE = "application/vnd.pmtiles"
_UNBUILT = """<!doctype html>
<html lang="de"><meta charset="utf-8"><title>Fahrerseite fehlt</title>
<h1>Die Fahrerseite ist noch nicht gebaut</h1>
<p>Bitte im Ordner des Programms <code>make run</code> ausführen; das baut sie mit Node.</p>
"""

_log = structlog.get_logger()

router = APIRouter(prefix="/map/{area_id}", include_in_schema=False)


class TabletFiles(StaticFiles):
    """The tablet's app: its page is for staff and enrolled tablets, its code is for everybody."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file; pages only to staff and tablets."""
        request = Request(scope)
        if path in {".", ""} or path.endswith(".html"):
            await run_in_threadpool(_check_tablet, request)
        return await super().get_response(path, scope)


@router.api_route("/map.pmtiles", methods=["GET", "HEAD"])
def tiles(house: House, area_id: AreaPath) -> FileResponse:
    """Return the map archive, in the byte ranges asked for."""
    house.area(area_id)
    path = house.context.regions[area_id].tiles
    if not path.is_file():
        raise Problem("map-missing")
    return FileResponse(path, media_type=_TILES_TYPE)


@router.get("/style.json")
def map_style(house: House, area_id: AreaPath) -> JSONResponse:
    """Return how the map is drawn."""
    house.area(area_id)
    return JSONResponse(style(f"/map/{area_id}/map.pmtiles"))


def _check_tablet(request: Request) -> None:
    """Let tablets open the app, also one that was lost: it must hear that, and delete what it holds."""
    shown = cookies.shown(request)
    if shown is None or not driving.is_known(request.app.state.services.context, shown):
        check(request, Permission.SEE_TOURS)


def mount(app: FastAPI) -> None:
    """Put all files in their places; says so when the tablet's app was not built."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if (TABLET / "index.html").is_file():
        app.mount("/fahrer", TabletFiles(directory=TABLET, html=True), name="tablet")
    else:
        _log.warning("the tablet's app is not built; /fahrer says how: make run")
        app.add_api_route("/fahrer", _unbuilt, include_in_schema=False)


def _unbuilt() -> HTMLResponse:
    return HTMLResponse(_UNBUILT, status_code=503)

"""What the control room's pages beside the day share: area, navigation, posted forms, messages."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.errors import Problem
from api.pages.rendering import SEE_OTHER, render
from api.rights import Actor
from api.services import Services
from regions.area import Area

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422
AreaName = Annotated[str, Query(alias="gebiet")]


async def _posted(request: Request) -> Mapping[str, str]:
    """Return the text fields of a posted form; of several with one name all, with commas between."""
    found: dict[str, str] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            found[name] = f"{found[name]},{value}" if name in found else value
    return found


Posted = Annotated[Mapping[str, str], Depends(_posted)]


def area_named(house: Services, actor: Actor, name: str) -> Area:
    """Return one's own area asked for, or the first one (``area-unknown`` where there is none at all)."""
    areas = house.areas_of(actor)
    found = next((one for one in areas if one.id == name), areas[0] if areas else None)
    if found is None:
        raise Problem("area-unknown")
    return found


def desk(
    request: Request,
    house: Services,
    actor: Actor,
    area: Area,
    template: str,
    here: str,
    status: int = OK,
    **values: Any,  # noqa: ANN401  # whatever the template needs
) -> Response:
    """Render a page of the control room; ``here`` is its path below ``/leitstelle``."""
    frame = {
        "here": here,
        "area_choice": house.areas_of(actor),
        "actor": actor,
        "area_action": f"/leitstelle{here}",
        "errors": {},
    }
    return render(request, f"desk/{template}", status, area=area, **(frame | values))


def to_page(path: str, area: Area | None = None) -> Response:
    """Send the browser on after a change."""
    query = "?" + urlencode({"gebiet": area.id}) if area else ""
    return RedirectResponse(f"/leitstelle{path}{query}", SEE_OTHER)

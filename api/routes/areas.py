"""Areas and places."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.routes.dependencies import AreaPath, House, SearchText
from api.routes.documentation import problems
from api.schemas.answers import AreasAnswer, PlacesAnswer

router = APIRouter(prefix="/v1/areas", tags=["areas"])

_MOST_PLACES = 20


@router.get("", operation_id="listAreas", summary="All areas", responses=problems())
def list_areas(house: House) -> AreasAnswer:
    """Where this server's services run, with boundaries and stops."""
    return house.areas()


@router.get(
    "/{area_id}/places",
    operation_id="searchPlaces",
    summary="What a typed place may mean",
    responses=problems("area-unknown", "invalid"),
)
def search_places(
    house: House,
    area_id: AreaPath,
    q: SearchText,
    limit: Annotated[int, Query(ge=1, le=_MOST_PLACES)] = 8,
) -> PlacesAnswer:
    """Suggest stops, addresses, streets and points of interest, the best first; misspelling is fine."""
    return house.search(area_id, q, limit)

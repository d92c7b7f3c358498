"""What endpoints ask for by their parameters."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import StringConstraints

from api.problems import language_of
from api.schemas.fields import AreaId, OpaqueId, Text
from api.services import Services

# `async`, though they wait for nothing: the framework sends others to a thread and back


async def services_of(request: Request) -> Services:
    """Return the use cases of the running server."""
    services: Services = request.app.state.services
    return services


async def _language(request: Request) -> str:
    return language_of(request)


House = Annotated[Services, Depends(services_of)]
Language = Annotated[str, Depends(_language)]
AreaPath = Annotated[AreaId, Path(description="Id of the area.", examples=["triesenberg"])]
AreaQuery = Annotated[AreaId | None, Query(description="Only this area.")]
SearchText = Annotated[Text, Query(description="As typed.", examples=["Landstr 12"])]
IdPath = Annotated[OpaqueId, Path()]
BookingPath = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
    Path(description="The booking's unguessable id."),
]

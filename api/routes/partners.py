"""Who asks and books with a partner's key at the endpoints that are open to all."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api import keys
from api.rights import Actor


async def _partner(request: Request) -> Actor | None:
    """Identify a partner (``key-invalid``); who shows no key costs nothing."""
    if keys.shown_key(request) is None:
        return None
    return await run_in_threadpool(keys.partner, request, request.app.state.services.context)


Partner = Annotated[Actor | None, Depends(_partner)]

"""Who asks and books with a partner's key at the endpoints that are open to all."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api import keys
from api.rights import Actor
from api.store.scope import narrow


async def _partner(request: Request) -> Actor | None:
    """Identify a partner (``key-invalid``); who shows no key costs nothing."""
    if keys.shown_key(request) is None:
        return None
    context = request.app.state.services.context
    actor = await run_in_threadpool(keys.partner, request, context)
    narrow(None if actor is None else actor.areas)
    return actor


Partner = Annotated[Actor | None, Depends(_partner)]

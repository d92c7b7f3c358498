"""Reading JSON bodies strictly: UTF-8, no NaN, no name given twice, no number of a thousand digits."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Never

from fastapi import Request, Response
from fastapi.routing import APIRoute


class StrictRequest(Request):
    """A request whose JSON body means the same to every reader."""

    async def json(self) -> Any:  # noqa: ANN401  # as in the base class
        """Return the parsed body.

        Raises
        ------
        json.JSONDecodeError
            It is no JSON by RFC 8259, is packed, names a member twice, or is too deep or too long to be
            meant.
        """
        content = await self.body()
        if self.headers.get("content-encoding", "identity") != "identity":
            raise json.JSONDecodeError("the body is packed", "", 0)
        try:
            text = content.decode("utf-8")  # the library would guess UTF-16 and UTF-32, too
            return json.loads(
                text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer
            )
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError(str(error), "", 0) from error


class StrictRoute(APIRoute):
    """A route that reads its body through :class:`StrictRequest`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the framework with the strict request put under it."""
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member is named twice")
    return members


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is no JSON number")


_LONGEST_INTEGER = 18


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise ValueError("an integer has too many digits")
    return int(digits)

"""What endpoints share that answer with a table (CSV)."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Query
from starlette.responses import StreamingResponse

from api.exports import Layout

_TYPE = "text/csv"
CSV: dict[int | str, Any] = {
    200: {
        "description": "The table, row by row.",
        "content": {_TYPE: {"schema": {"type": "string"}}},
    }
}
LayoutQuery = Annotated[
    Layout,
    Query(alias="format", description="`excel`: for German Excel; `plain`: as RFC 4180 says."),
]


def table(lines: Iterator[str], name: str) -> StreamingResponse:
    """Send a table to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(lines, media_type=f"{_TYPE}; charset=utf-8", headers=headers)

"""Answers that are not sent again to whoever has them already (RFC 9110, section 13)."""

from typing import Any

from fastapi import Request

NOT_CHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not changed since the ETag in If-None-Match."}
}


def known_tags(request: Request) -> set[str]:
    """Return the tags of what the client has, from `If-None-Match`."""
    sent = request.headers.get("if-none-match", "").split(",")
    return {each.strip().removeprefix("W/") for each in sent}

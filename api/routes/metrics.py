"""Figures for monitoring."""

import ipaddress
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.metrics import CONTENT_TYPE, Metrics
from api.people.access import Allowed, check
from api.people.this_machine import AT_THIS_MACHINE, is_proxied
from api.rights import Actor, Permission
from api.routes.documentation import problems

router = APIRouter(tags=["system"])

_FIGURES: dict[int | str, Any] = {
    200: {"description": "The figures.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


class _Watcher(Allowed):
    """Lets pass whoever may operate the installation, and programs on this machine."""

    def __call__(self, request: Request) -> Actor:  # type: ignore[override]  # no scheme is documented
        """Let only those pass (``unauthorized``, ``forbidden``, …)."""
        return AT_THIS_MACHINE if _is_local(request) else check(request, self.permission)


def _is_local(request: Request) -> bool:
    if request.client is None or is_proxied(request):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get(
    "/metrics",
    operation_id="metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses=_FIGURES | problems(guarded=True),
)
def metrics(
    request: Request, _actor: Annotated[Actor, Depends(_Watcher(Permission.OPERATE))]
) -> Response:
    """Count requests, bookings, refusals by rule, changes waiting, jobs and alarms of this process.

    Without signing in only from this machine. Nothing in it names a person or a ride.
    """
    figures: Metrics = request.app.state.metrics
    return Response(figures.text(), headers={"Content-Type": CONTENT_TYPE})

"""What Prometheus may ask: requests as they were answered, and the state of things when asked.

Labels are route templates, areas, rules and names of jobs: never an address, a name or an id of a ride.
"""

from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "none"


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Counter(
            "buergerbus_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "buergerbus_request_seconds",
            "Seconds until an answer began.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def add(self, collector: Collector) -> None:
        """Ask somebody else, too, whenever the figures are wanted."""
        self.registry.register(collector)

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Take down one answer."""
        key = method, route, status
        known = self._known.get(key)
        if known is None:  # looking labels up costs more than counting
            counter = self._requests.labels(method, route, str(status))
            known = self._known[key] = counter, self._seconds.labels(method, route)
        known[0].inc()
        known[1].observe(seconds)

    def text(self) -> bytes:
        """Return all figures as Prometheus reads them."""
        return generate_latest(self.registry)


class Measure:
    """ASGI middleware that takes down each answer when it begins: some answers go on for hours."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = perf_counter()

        async def send_measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in _METHODS else "OTHER"
                taken = perf_counter() - begun
                self._metrics.note(method, _route(scope), message["status"], taken)
            await send(message)

        await self._app(scope, receive, send_measured)


def _route(scope: MutableMapping[str, Any]) -> str:
    """Template of the route that answered, or where files are mounted; never a path as it was sent."""
    route = scope.get("route")
    if route is not None:
        return str(getattr(route, "path", _NO_ROUTE))
    mounted = scope.get("app_root_path") is not None and scope.get("root_path")
    return str(mounted or _NO_ROUTE)

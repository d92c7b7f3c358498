"""Running the server: one process, graceful stop."""

import gc
import resource
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import uvicorn

from api.app import create_app
from api.clock import Clock
from api.logs import configure_logging
from api.opening import open_regions, open_services
from api.services import Services
from api.settings import Settings, SettingsError
from regions.region import Region

__all__ = ["open_regions", "serve"]

_STOP_WITHIN_S = 10
_AT_ONCE = 4_000
"""Connections open at a time, most of them listening; who comes beyond them gets 503."""
_SWITCH_S = 0.000_5
"""How long a thread computes before another may: an answer changes threads a few times on its way, and
with the usual 5 ms everybody would wait that long each time somebody books."""
_GARBAGE = 3_000, 15, 30
"""How much is made anew until garbage is looked for: each booking makes the usual 700 several times over, and
with ten times as much everybody would wait for a tenth of a second now and then."""
_SPARE_FILES = 200
"""Open files besides the connections: the database, the regions."""


def serve(
    settings: Settings,
    clock: Clock,
    regions: Mapping[str, Region] | None = None,
    after_start: Callable[[str], object] | None = None,
) -> None:
    """Serve until stopped by a signal; requests under way are finished.

    Parameters
    ----------
    settings, clock, regions
        As for :func:`api.app.create_app`.
    after_start
        Called with the server's address once it answers.

    Raises
    ------
    SettingsError, regions.errors.RegionError, api.store.errors.StoreError
        It cannot start; nothing was served.
    """
    gc.disable()  # starting leaves nothing behind that is worth looking for; see `_Server.startup`
    configure_logging()
    sys.setswitchinterval(_SWITCH_S)
    opened = regions if regions is not None else open_regions(settings)
    listening = _listen(settings)
    services = open_services(settings, clock, opened)
    at_once = min(_AT_ONCE, _open_files() - _SPARE_FILES)
    app = create_app(settings, clock, opened, services)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses of bookings are what opens them
        server_header=False,
        limit_concurrency=at_once,
        timeout_graceful_shutdown=_STOP_WITHIN_S,
    )
    with listening, suppress(KeyboardInterrupt):
        _Server(config, services, after_start).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Tells when it answers, and lets those go who only listen when it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        services: Services,
        after_start: Callable[[str], object] | None,
    ) -> None:
        super().__init__(config)
        self._services = services
        self._after_start = after_start

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let those go who listen, then finish what is under way."""
        self._services.context.changes.close()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        # what is there now stays: looking through all of it for garbage again and again would make everybody
        # wait a third of a second each time
        gc.freeze()
        gc.set_threshold(*_GARBAGE)
        gc.enable()
        if self.started and self._after_start is not None and sockets:
            host, port = sockets[0].getsockname()[:2]
            named = f"[{host}]" if ":" in host else host
            self._after_start(f"http://{named}:{port}")


def _open_files() -> int:
    """Allow this process as many open files as it may have; return how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = hard if hard != resource.RLIM_INFINITY else _AT_ONCE + _SPARE_FILES
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise SettingsError(
            "address-taken",
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            "choose another with --port.",
        ) from error
    return listening

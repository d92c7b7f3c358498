"""The application: routes, pages, files, errors and guard put together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from api import files, pages, problems
from api.backups import Backups
from api.clock import Clock
from api.context import Context
from api.improving import Improver
from api.jobs import start_jobs
from api.messages.address import Way
from api.messages.opening import open_channels
from api.messages.sending import Outbox
from api.metrics import Measure, Metrics
from api.metrics_now import Present
from api.opening import open_regions, open_services
from api.routes import (
    areas,
    changes,
    devices,
    documentation,
    drivers,
    feedback,
    fleet,
    giving,
    journeys,
    live,
    messages,
    metrics,
    persons,
    riders,
    rides,
    roster,
    staff,
    statistics,
    system,
)
from api.security import BODY_LIMIT, Guard
from api.services import Services
from api.settings import Settings
from api.sheet_folder import SheetFolder
from api.store.scope import all_areas
from regions.region import Region

_DESCRIPTION = """Book rides with a volunteer-run citizen bus.

Instants are RFC 3339 with their offset, positions WGS84 degrees, money cents. Errors are problems
(RFC 9457) with a stable `code`."""


def create_app(
    settings: Settings,
    clock: Clock,
    regions: Mapping[str, Region] | None = None,
    services: Services | None = None,
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        What the operator decided.
    clock
        What time it is.
    regions
        Opened regions by name; those of the settings are opened at start when not given.
    services
        Opened use cases; made at start when not given.

    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with all_areas():
            opened = regions if regions is not None else open_regions(settings)
            app.state.services = services or open_services(settings, clock, opened)
            context = app.state.services.context
            improver = Improver(context, settings.effort) if settings.effort else None
            app.state.improver = improver
            app.state.backups = Backups(context.database, settings.data_dir)
            app.state.outbox = _outbox(settings, context)
            mails = Way.MAIL in app.state.outbox.channels
            sheets = SheetFolder(context, settings.data_dir, mails)
            app.state.scheduler = start_jobs(
                context, improver, app.state.backups, sheets, app.state.outbox
            )
            present = Present(context, app.state.scheduler, app.state.backups, improver)
            app.state.metrics.add(present)
            try:
                yield
            finally:
                if improver is not None:
                    improver.children.close()  # nobody waits for their answers any more
                app.state.scheduler.stop()
                context.database.close()

    app = FastAPI(
        title="Bürgerbus 4.0",
        version=version("buergerbus"),
        description=_DESCRIPTION,
        openapi_tags=documentation.TAGS,
        lifespan=lifespan,
        docs_url=None,  # the usual pages load scripts from other hosts
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.improver = None
    app.state.metrics = Metrics()
    app.state.problem_page = pages.problem_page
    problems.install(app)
    # rides come first: most requests are for them, and routes are tried in turn
    calls = (rides, areas, devices, staff, live, changes, journeys, riders, messages)
    desks = (roster, drivers, fleet, persons, feedback, statistics)
    for module in (*calls, *desks, giving, system, metrics):
        app.include_router(module.router)
    for router in pages.routers():
        app.include_router(router, include_in_schema=False)
    files.mount(app)
    app.openapi = lambda: documentation.describe(app)  # type: ignore[method-assign]
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=BODY_LIMIT)
    app.add_middleware(Guard, hosts=settings.allowed_hosts)
    app.add_middleware(Measure, metrics=app.state.metrics)  # the last one added is the outermost
    return app


def _outbox(settings: Settings, context: Context) -> Outbox:
    """Open the channels of the settings."""
    of = settings.messages
    url = str(of.public_url) if of.public_url else None
    return Outbox(context, open_channels(of, settings.data_dir), url)

"""The server: what it consists of, in which order it starts and stops."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial

from fastapi import FastAPI
from starlette.routing import BaseRoute

import counters
import displays
from app import __version__, admin, kiosk, visitor
from app.api.document.openapi import DescribedApp
from app.api.http import problems
from app.api.http.admission import Admission
from app.api.http.guard import RequestGuard
from app.api.http.head import HeadRequests
from app.api.http.proxies import TrustedProxies
from app.api.http.unknown_sockets import router as unknown
from app.api.live.topics import topics
from app.api.router import api_routes
from app.api.routes import operations
from app.api.routing.route_index import RouteIndex
from app.auth.account_watch import AccountWatch
from app.auth.attempts import Attempts
from app.auth.cookie_renewal import CookieRenewal
from app.auth.credentials import Credentials
from app.auth.passwords import PasswordChecker
from app.auth.retention import keep_retention
from app.clock import Clock, SystemClock
from app.context import Context
from app.db.damage import DamageWitness
from app.db.engines import Readers, writer_engine
from app.demo import Demo
from app.demo import router as demo_router
from app.ledger import Ledger, NightWork, Timekeeper, check_database
from app.printing.dispatcher import Dispatcher
from app.queueing import facts
from app.queueing.line.kept_lines import KEY as LINES
from app.queueing.line.kept_lines import PublishedLines
from app.queueing.service_day import ledger_row
from app.queueing.site.decisions import KEY as DECISIONS
from app.queueing.site.decisions import PublishedDecisions
from app.queueing.site.rates import Rates
from app.queueing.site.site_row import site_row
from app.realtime import Hub
from app.realtime.speakers import Speakers
from app.search import Search
from app.settings import Settings
from app.web import home, pages, static
from app.web.i18n import translator
from app.web.manual import routes as manual

logger = logging.getLogger(__name__)


def create_app(
    settings: Settings, *, clock: Clock | None = None, demo: Demo | None = None
) -> FastAPI:
    """Return the server over a migrated database that holds a site.

    ``demo`` is what `antrean demo` adds: its printers and its way to pair.
    """
    context = _context(settings, clock or SystemClock(), is_demo=demo is not None)
    app = DescribedApp(
        title="Antrean",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # it would answer with an address made of the caller's Host
        redirect_slashes=False,
        # nobody outside is told anything; and to ask whether costs each request
        telemetry={"tracing": False, "metrics": False, "logs": False},
        lifespan=_lifespan(context, demo),
    )
    app.state.context = context
    app.state.credentials = context.credentials
    app.state.clock = context.clock
    app.add_middleware(
        CookieRenewal,
        credentials=context.credentials,
        clock=context.clock,
        secure=settings.secure_cookies,
    )
    app.add_middleware(RequestGuard)
    app.add_middleware(Admission, rates=context.rates)
    app.add_middleware(HeadRequests)
    app.add_middleware(TrustedProxies, addresses=settings.proxy_addresses)
    problems.install(app)
    routes = _routes(is_demo=demo is not None)
    app.router.routes += [RouteIndex(routes), static.route, *routes]
    app.state.demo = demo
    return app


def _routes(*, is_demo: bool) -> list[BaseRoute]:
    # in one list, not as routers in a router: FastAPI looks through each of them twice
    return [
        *api_routes,
        *operations.router.routes,
        *manual.router.routes,
        *home.router.routes,
        *kiosk.router.routes,
        *displays.router.routes,
        *counters.router.routes,
        *visitor.router.routes,
        *admin.router.routes,
        *(demo_router.routes if is_demo else []),
        *unknown.routes,  # the last: it takes every path
    ]


def _context(settings: Settings, clock: Clock, *, is_demo: bool) -> Context:
    damage = DamageWitness()
    lines, decisions = PublishedLines(), PublishedDecisions()
    known = {LINES: lines, DECISIONS: decisions}
    readers = Readers(settings.database, damage, known)
    credentials = Credentials(readers.engine)
    ledger = Ledger(
        writer_engine(settings.database, damage),
        clock,
        publish=lambda changed: _publish(context, changed),
        inbox=settings.inbox,
        damage=damage,
        lines=lines,
        decisions=decisions,
    )
    context = Context(
        settings=settings,
        clock=ledger,
        readers=readers,
        ledger=ledger,
        hub=Hub(
            readers,
            ledger,
            topics(
                settings.stale_after_seconds,
                lambda: context.printing.live_state(),
            ),
            is_valid=lambda secret, actor: credentials.of(secret, ledger) == actor,
        ),
        credentials=credentials,
        printing=Dispatcher(readers, ledger, translator),
        passwords=PasswordChecker(),
        attempts=Attempts(),
        rates=Rates(clock.monotonic),
        search=Search(readers),
        damage=damage,
        is_demo=is_demo,
    )
    return context


def _publish(context: Context, changed: frozenset[facts.Fact]) -> None:
    if facts.CREDENTIALS in changed:
        context.credentials.forget()
    if facts.SITE in changed:
        context.search.forget()
        context.site_changed.set()
    context.printing.publish(changed)
    context.hub.publish(changed)


def _lifespan(
    context: Context, demo: Demo | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await _describe_site(app, context)
        # first: whatever starts may write, and each commit has a later moment
        stopped_at = (await context.readers.read(ledger_row)).last_moment
        async with AsyncExitStack() as undo:
            # here: after the last shutdown uvicorn lets the signal end the process
            undo.callback(lambda: [put_away() for put_away in context.at_end])
            # what has started is stopped again, the last first, also where a later
            # start fails: nothing writes after the ledger, nothing reads after all
            undo.callback(context.readers.close)
            context.ledger.start()
            undo.push_async_callback(context.ledger.stop)
            context.hub.start()
            undo.push_async_callback(context.hub.stop)
            _start_speakers(context, undo)
            if demo is not None:
                undo.push_async_callback(demo.stop)
                await demo.start(context.ledger)
            undo.push_async_callback(context.printing.stop)
            await context.printing.start()
            timekeeper = Timekeeper(context.readers, context.ledger, stopped_at)
            timekeeper.start()
            undo.push_async_callback(timekeeper.stop)
            night_work = _night_work(context)
            night_work.start()
            undo.push_async_callback(night_work.stop)
            account_watch = AccountWatch(
                context.readers, lambda changed: _publish(context, changed)
            )
            await account_watch.start()
            undo.push_async_callback(account_watch.stop)
            description = asyncio.create_task(_follow_site(app, context))
            undo.push_async_callback(asyncio.wait, {description})
            undo.callback(description.cancel)
            yield

    return lifespan


def _start_speakers(context: Context, undo: AsyncExitStack) -> None:
    speakers = Speakers(context.readers, context.ledger, context.hub.displays)
    speakers.start()
    undo.push_async_callback(speakers.stop)


def _night_work(context: Context) -> NightWork:
    return NightWork(
        context.readers,
        [
            partial(keep_retention, context.readers, context.ledger),
            partial(check_database, context.settings.database, context.damage),
        ],
    )


async def _describe_site(app: FastAPI, context: Context) -> None:
    site = await context.readers.read(site_row)
    site_info = pages.SiteInfo(
        name=site.name,
        zone=site.zone,
        sample=site.is_sample,
        stale_after_seconds=context.settings.stale_after_seconds,
    )
    pages.describe_site(app, site_info)


async def _follow_site(app: FastAPI, context: Context) -> None:
    """Let the pages call the site as the mall does since an import."""
    while True:
        await context.site_changed.wait()
        context.site_changed.clear()
        try:
            await _describe_site(app, context)
        except Exception:
            logger.exception("the site's name could not be read")

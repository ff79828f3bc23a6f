"""What memory a day takes: 300 screens watch the reference mall while it serves.

Displays, every counter's console and phones; then a day's visitors, each of whom is
called and served. Beside it a bare FastAPI server that holds as many sockets.
"""

import json
from collections.abc import Sequence

from tests.bench.sample import Table, figure
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Environment, Memory
from tests.bench.setup.site import Site
from tests.bench.setup.sockets import Screens, Watching, display_watching
from tests.bench.target import Target

SOCKETS = 300
DISPLAYS = 60
VISITORS = 1_000
VISITORS_IN_A_MOMENT = 50
CLIENTS = 8
HEAD = ("measured", "PSS MB", "RSS MB")
NOTES = (
    "MB of 10^6 bytes, of the server's process. PSS: its own pages, and its share of "
    "those that it has in common with other processes. The bare server imports the "
    "product's set-up of uvicorn, and most of the product with it: compare what is "
    "added.",
)


async def memory(environment: Environment, seconds: float) -> Table:
    """Measure a day of a thousand visitors; of fewer below one second."""
    visitors = VISITORS if seconds >= 1 else VISITORS_IN_A_MOMENT
    site = environment.site("memory")
    with environment.antrean(site) as server, environment.bare() as bare:
        rows = [
            _row("bare FastAPI, just started", bare.memory()),
            _row("the product, just started", server.memory()),
        ]
        async with Clients(server.port, CLIENTS) as clients:
            day = _Day(site, clients)
            watchings = await day.begin()
            async with (
                Screens(server.port, watchings),
                Screens(bare.port, watchings),
            ):
                what = f"with {SOCKETS} sockets"
                rows.append(_row(f"bare FastAPI, {what}", bare.memory()))
                rows.append(_row(f"the product, {what}", server.memory()))
                await day.pass_by(visitors)
                taken = server.memory()
                what = f"{what}, after {visitors:,} visitors"
                rows.append(_row(f"the product, {what}", taken))
    name = f"memory: reference mall, {what}"
    return Table(
        "Memory", HEAD, rows, NOTES, [Target(name, "MB, PSS", taken.pss, 130, 160)]
    )


class _Day:
    """The visitors of a mall, and the screens that follow them."""

    def __init__(self, site: Site, clients: Clients) -> None:
        self._site, self._clients = site, clients
        self._tokens: list[str] = []

    async def begin(self) -> Sequence[Watching]:
        """Open the counters, let the first come; return what the screens watch."""
        site = self._site
        await self._run([counter.command("open") for counter in site.counters])
        displays = [display_watching(*each) for each in site.screens[:DISPLAYS]]
        consoles = [
            Watching(f"counter:{each.counter_id}", f"Cookie: {each.cookie}")
            for each in site.counters
        ]
        phones = []
        for number in range(SOCKETS - len(displays) - len(consoles)):
            service_id = site.service_ids[number % len(site.service_ids)]
            ticket = json.loads(await self._clients.ask(site.issue(service_id)))
            phones.append(Watching(f"ticket:{ticket['token']}", "Accept: */*"))
            self._tokens.append(ticket["token"])
        return [*displays, *consoles, *phones]

    async def pass_by(self, visitors: int) -> None:
        """Let so many come, be called and served; each page is opened besides."""
        await self._open_pages()
        counters = self._site.counters
        for number in range(-(-visitors // len(counters))):
            coming = [ids[number % len(ids)] for ids in self._served()]
            await self._run(list(map(self._site.issue, coming)))
            for command in ("call-next", "serve"):
                await self._run([counter.command(command) for counter in counters])

    def _served(self) -> Sequence[list[int]]:
        return [counter.service_ids for counter in self._site.counters]

    async def _open_pages(self) -> None:
        """Open a page of each kind: their templates stay in memory."""
        display_id, token = self._site.hall_display
        bearer, cookie = f"Bearer {token}", self._site.counters[0].cookie
        pages = [
            request("GET", "/display", b"", authorization=bearer),
            request("GET", f"/api/v1/displays/{display_id}/board", b"", cookie=cookie),
            request("GET", "/counter", b"", cookie=cookie),
            request("GET", "/kiosk", b"", authorization=f"Bearer {self._site.kiosk}"),
            request("GET", f"/t/{self._tokens[0]}", b""),
            request("GET", "/api/v1/agencies", b""),
        ]
        await self._run(pages)

    async def _run(self, requests: Sequence[bytes]) -> None:
        sample = await self._clients.run(iter(requests))
        if sample.refused:
            raise RuntimeError(f"{sample.refused} requests were refused")


def _row(what: str, taken: Memory) -> Sequence[str]:
    return (what, *map(figure, (taken.pss, taken.rss)))

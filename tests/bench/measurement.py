"""Measuring in turns: A B A B, so that all see the same noise."""

from collections.abc import Iterator, Sequence

from tests.bench.sample import Sample, figure, minus, share
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Server

CLIENTS = (1, 8, 32)
SLICES = 4
LEDGER = "ledger"
LOOP = "MainThread"
HEAD = (
    "measured",
    "clients",
    "per s",
    "p50 ms",
    "p99 ms",
    "CPU µs",
    "loop µs",
    "ledger µs",
    "of bare route",
    "of bare insert",
)


async def measure(
    server: Server, clients: Clients, requests: Iterator[bytes]
) -> Sample:
    """Run requests and return what they took, with the server's CPU time."""
    before = server.cpu()
    sample = await clients.run(requests)
    sample.spend(minus(server.cpu(), before))
    return sample


def row(
    what: str, clients: int, sample: Sample, *, route: Sample, insert: Sample
) -> Sequence[str]:
    """Return a table's row; the ratios are of operations per second."""
    return (
        what if not sample.refused else f"{what} ({sample.refused} REFUSED)",
        str(clients),
        figure(sample.rate),
        figure(sample.quantile(0.5)),
        figure(sample.quantile(0.99)),
        figure(sample.cpu_each()),
        figure(sample.cpu_each(LOOP)),
        figure(sample.cpu_each(LEDGER)),
        share(sample.rate, route.rate),
        share(sample.rate, insert.rate),
    )

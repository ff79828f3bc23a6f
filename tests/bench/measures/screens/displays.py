"""From a call to the last of 200 displays, beside a bare broadcast of its bytes."""

from collections.abc import Sequence

from tests.bench.measures.screens.visits import bare_broadcasts, visits_at
from tests.bench.sample import Sample, Table, figure, ratio, share
from tests.bench.setup.environment import Environment
from tests.bench.setup.site import SCREENS
from tests.bench.setup.sockets import Screens, display_watching
from tests.bench.target import Target

CALLS_PER_SECOND = 20
DISPLAYS = f"{SCREENS} displays"
HEAD = (
    "measured",
    "calls",
    "p50 ms",
    "p99 ms",
    "CPU µs per screen",
    "bytes",
    "p50, times the floor",
    "CPU, times the floor",
)
NOTES = (
    "From sending the officer's call-next to the last screen that has the number; "
    "the floor from sending the order to broadcast.",
)


async def displays(environment: Environment, seconds: float) -> Table:
    """Measure twenty calls for each second asked for."""
    alike, apart = environment.site("alike"), environment.site("apart")
    every = [display_watching(*screen) for screen in apart.screens]
    hall = display_watching(*alike.hall_display)
    async with (
        visits_at(environment, alike, [hall] * SCREENS) as (_, same),
        visits_at(environment, apart, every) as (_, own),
        bare_broadcasts(environment, [hall] * SCREENS) as (_, floor),
    ):
        for _ in range(max(2, round(seconds * CALLS_PER_SECOND))):
            await same.take_turn()
            await own.take_turn()
            await floor.send(own.message)
        rows = [
            screens_row(
                f"{SCREENS} screens of one display",
                same.sample,
                floor.sample,
                same.watching,
            ),
            screens_row(DISPLAYS, own.sample, floor.sample, own.watching),
            screens_row(
                "floor: a bare broadcast", floor.sample, floor.sample, floor.receiving
            ),
        ]
    title = f"Call to the last of {SCREENS} displays"
    return Table(title, HEAD, rows, NOTES, _targets(own.sample, floor.sample))


def screens_row(
    what: str, sample: Sample, floor: Sample, watching: Screens
) -> Sequence[str]:
    """Return a table's row of calls, or of broadcasts, that screens have received."""
    return (
        what,
        str(len(sample.took)),
        figure(sample.quantile(0.5)),
        figure(sample.quantile(0.99)),
        figure(sample.cpu_each() / len(watching)),
        f"{len(watching.newest):,}",
        share(sample.quantile(0.5), floor.quantile(0.5)),
        share(sample.cpu_each(), floor.cpu_each()),
    )


def _targets(own: Sample, floor: Sample) -> Sequence[Target]:
    times = ratio(own.quantile(0.5), floor.quantile(0.5))
    name = f"call to the last of {SCREENS} different displays"
    return [Target(name, "times a bare broadcast, p50", times, 3, 5)]

"""From a call to the last of 1,000 screens of one display, beside a broadcast of it."""

from tests.bench.measures.screens.bare_broadcast import sender_to
from tests.bench.measures.screens.displays import HEAD, screens_row
from tests.bench.measures.screens.visits import Broadcasts, visits_at
from tests.bench.sample import Table, ratio
from tests.bench.setup.environment import Environment
from tests.bench.setup.sockets import Screens, display_watching
from tests.bench.target import Target

SCREENS = 1_000
SCREENS_IN_A_MOMENT = 50
CALLS_PER_SECOND = 10
NOTES = (
    "The floor is `websockets.broadcast` in a process of its own, from sending it the "
    "bytes.",
)


async def one_display(environment: Environment, seconds: float) -> Table:
    """Measure ten calls for each second asked for; fewer screens below one second."""
    count = SCREENS if seconds >= 1 else SCREENS_IN_A_MOMENT
    site = environment.site("one-display")
    watchings = [display_watching(*site.hall_display)] * count
    with environment.bare_broadcast() as bare:
        async with (
            visits_at(environment, site, watchings) as (_, ours),
            sender_to(bare.port) as sender,
            Screens(bare.port, watchings) as receiving,
        ):

            async def send(text: bytes) -> None:
                await sender.send(text, text=True)

            floor = Broadcasts(bare, send, receiving)
            for _ in range(max(2, round(seconds * CALLS_PER_SECOND))):
                await ours.take_turn()
                await floor.send(ours.message)
            rows = [
                screens_row("call", ours.sample, floor.sample, ours.watching),
                screens_row(
                    "floor: websockets.broadcast", floor.sample, floor.sample, receiving
                ),
            ]
    times = ratio(ours.sample.quantile(0.5), floor.sample.quantile(0.5))
    name = f"call to the last of {count:,} screens of one display"
    target = Target(name, "times websockets.broadcast, p50", times, 1.2, 1.5)
    return Table(f"{name[0].upper()}{name[1:]}", HEAD, rows, NOTES, [target])

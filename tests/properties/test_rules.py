"""Random malls, commands, clocks and interleavings against a model of the queue.

The real ledger's writer runs real actions on a real database file, one to four
commands a batch; after every step the database is compared with the model, and
what must hold always is looked at (``invariants``). The seed is fixed;
``PROPERTY_SEED=…`` tries another, or the same, and then shortens a story that fails:
that takes minutes, in which the test would end as too late, with nothing to read.
"""

import itertools
import os
import shutil
import tempfile
from collections import Counter as Multiset
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from app.queueing.change import Change
from app.queueing.commands import calling, parking, releasing, serving
from app.queueing.site.rulebook import read_rulebook
from tests.properties.driver import RULES, Driver, Order, actor
from tests.properties.invariants import Witness, freed_by
from tests.properties.orders import ADMIN, PLANS, Orders, Plan
from tests.properties.random_malls import malls
from tests.support.rules.custom_mall import CustomMall, day_of, open_database

HOUR = 3600
SEED = int(os.environ.get("PROPERTY_SEED", "20261124"))
PHASES = set(Phase) if "PROPERTY_SEED" in os.environ else {Phase.generate}
EVERY_COMMAND = {
    *RULES,
    *("issue", "park", "transfer", "transfer_ticket", "transfer_line", "cancel"),
    *("cancel_every_line", "close_by_hand", "lift_closure"),
    *("book_in", "reserve_roll", "run_timed"),
}
CAN_BE_REFUSED = EVERY_COMMAND - {"sign_out", "run_timed"}
_SEEN: Multiset[tuple[str, str | None]] = Multiset()
Step = tuple[str, Any]
_MOVES: list[Step] = [
    *(("wait", seconds) for seconds in (1, 2, 9, 30, 59, 240, 900, 1800)),
    *(("wait", seconds) for seconds in (1, 2, 9, 59, 240, 3 * HOUR)),
    *(("wait", seconds) for seconds in (1, 2, 9, 59, 240, 900, HOUR)),
    *(("sleep", hours) for hours in (14, 30)),
    *(("jump", seconds) for seconds in (-86400, -HOUR, HOUR)),
    *(("glitch", seconds) for seconds in (-16 * 8760 * HOUR, 40 * HOUR)),
    ("jump", 40 * HOUR),
    *[("confirm", None)] * 3,
    *[("restart", None)] * 2,
    *[("free_every_counter", None)] * 3,
]
_BATCH: st.SearchStrategy[Step] = st.lists(PLANS, min_size=1, max_size=4).map(
    lambda plans: ("give", plans)
)
STEP = st.one_of(_BATCH, _BATCH, _BATCH, _BATCH, st.sampled_from(_MOVES))
STEPS = 50


class Queue(RuleBasedStateMachine):
    """A mall under commands."""

    driver: Driver

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="antrean-property-"))

    @initialize(mall=malls(), opened=st.sampled_from([0, 9, 9, 9, 9]))
    def begin(self, mall: CustomMall, opened: int) -> None:
        path = self.folder / "antrean.sqlite3"
        open_database(path, mall).dispose()
        self.driver = Driver(path, mall)
        self.orders = Orders(mall, self.driver.model)
        self.witness = Witness(self.driver)
        counters = range(1, len(mall.counters) + 1)[:opened]
        self._give_orders([self.orders.opening(counter) for counter in counters])

    @rule(step=STEP)
    def step(self, step: Step) -> None:
        """Give a batch of commands, or let something happen to time."""
        what, argument = step
        getattr(self, f"_{what}")(argument)

    def _give(self, plans: list[Plan]) -> None:
        """Give commands; each does what the model says, or nothing."""
        self._give_orders([self.orders.of(plan) for plan in plans])

    def _give_orders(self, orders: list[Order]) -> None:
        before, day = self.witness.digest(), self.driver.model.day
        results = self.driver.give(orders)
        for order, result, expected in results:
            _SEEN[order.name, result.code] += 1
            assert result.code == expected.code, (order, result, expected)
            assert result.code or result.value == expected.value, (
                order,
                result,
                expected,
            )
        if (
            all(result.code for _, result, _ in results)
            and day == self.driver.model.day
        ):
            assert self.witness.digest() == before, "a refused command left something"
        self.witness.look()

    def _wait(self, seconds: int) -> None:
        self.driver.clock.wait(seconds)

    def _sleep(self, hours: int) -> None:
        """Let hours pass: midnights too."""
        self.driver.clock.wait(hours * HOUR)
        self._give([])

    def _jump(self, seconds: int) -> None:
        """Set the clock, as people and dead batteries do."""
        self.driver.clock.jump(seconds)
        self._give([])

    def _glitch(self, seconds: int) -> None:
        """Let the clock be wrong for a moment, and set it right again."""
        self._jump(seconds)
        self._jump(-seconds)

    def _confirm(self, _argument: None) -> None:
        self.driver.confirm(day_of(self.driver.clock.wall))
        self._give([])

    def _restart(self, _argument: None) -> None:
        self.driver.restart()
        self._give([])

    def _free_every_counter(self, _argument: None) -> None:
        """Find a command with which a supervisor frees each busy counter."""
        driver = self.driver
        busy = [
            c for c in driver.model.counters if driver.model.require_active_entry(c)
        ]
        with driver.engine.connect() as db, db.begin() as under_way:
            for counter in busy:
                assert freed_by(db, self._ways_out(db, counter)), counter
            under_way.rollback()

    def _ways_out(self, db: Any, counter: int) -> dict[str, Any]:
        model = self.driver.model
        change = Change(model.now, model.day, read_rulebook(db))
        at: dict[str, Any] = {"counter_id": counter, "actor": actor(ADMIN)}
        entry = model.require_active_entry(counter)
        ticket: dict[str, Any] = {"ticket_id": entry.ticket_id if entry else 0}
        ticket["actor"] = actor(ADMIN)
        return {
            "serve": lambda: serving.serve(db, change, **at),
            "park": lambda: parking.park(db, change, **at),
            "return": lambda: calling.return_(db, change, **at),
            "release": lambda: releasing.release(db, change, **ticket),
        }

    def teardown(self) -> None:
        if hasattr(self, "driver"):
            self.witness.close()
            self.driver.close()
        shutil.rmtree(self.folder)


def run(steps: int) -> None:
    """Give at least so many commands, in rounds from the seed, which is printed.

    Hypothesis decides how long a story is, and draws on what modules are loaded:
    one round gives as many commands as it pleases.
    """
    _SEEN.clear()
    for attempt in itertools.count(SEED):
        missing = steps - _SEEN.total()
        if missing <= 0:
            return
        print(f"seed={attempt} steps={missing}")  # noqa: T201
        run_state_machine_as_test(
            seed(attempt)(Queue),
            settings=settings(
                max_examples=-(-missing // STEPS),
                stateful_step_count=STEPS,
                phases=PHASES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_the_rules_do_what_the_model_says() -> None:
    run(400)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_rules_do_what_the_model_says_for_thousands_of_steps() -> None:
    run(4_000)

    assert len(never_done()) <= 2, "the plans miss too many commands"
    assert len(never_refused()) <= 6
    assert _SEEN.total() >= 4_000


def never_done() -> set[str]:
    return EVERY_COMMAND - {name for name, code in _SEEN if code is None}


def never_refused() -> set[str]:
    return CAN_BE_REFUSED - {name for name, code in _SEEN if code is not None}


@pytest.mark.full
@pytest.mark.timeout(6 * HOUR)
def test_the_rules_do_what_the_model_says_for_a_hundred_thousand_steps() -> None:
    run(100_000)

    assert never_done() == never_refused() == set()

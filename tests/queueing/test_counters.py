"""The row of a counter, and what does not exist."""

import pytest

from app.errors import NotFound
from app.queueing import counters
from app.queueing.site.pauses import read_pause_rules
from app.queueing.views.console import console
from app.queueing.views.counters import counter_view
from app.queueing.views.tickets import ticket_view
from app.queueing.views.visit import visit
from tests.support import cast
from tests.support.clock import MORNING
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import RulesHarness, mall_with_breaks, refusal_of


@pytest.fixture
def own_mall() -> CustomMall:
    return mall_with_breaks()


def test_a_counter_row_that_does_not_exist_is_not_found(rules: RulesHarness) -> None:
    refused = refusal_of(lambda: rules.see(counters.counter_row, counter_id=99))

    assert refused is not None
    assert refused.status_code == 404


def test_what_does_not_exist_is_not_found(rules: RulesHarness) -> None:
    for view in (
        lambda db: counter_view(
            db, 99, cast.ADMIN.actor, read_pause_rules(db, MORNING)
        ),
        lambda db: ticket_view(db, 99),
        lambda db: console(db, 99, MORNING),
        lambda db: visit(db, 99, now=MORNING),
    ):
        with pytest.raises(NotFound):
            rules.see(view)

"""A view that a command changes depends on a fact that the command touches."""

from pathlib import Path

from app.api.live.topics import CounterTopic
from app.queueing.commands import calling
from app.realtime import Rendering
from tests.support.rules.harness import RulesHarness, custom_mall, rules_of


def test_a_console_follows_who_is_ahead_in_other_lines_of_its_visitor(
    tmp_path: Path,
) -> None:
    mall = custom_mall(counters=[{1: 0}, {2: 0}, {3: 0}])
    with rules_of(tmp_path, mall) as rules:
        compare_views(rules)


def compare_views(rules: RulesHarness) -> None:
    """Call at another counter, and compare what the first one's console shows."""
    for counter in (1, 2):
        rules.open(counter)
    for services in ((2,), (2,), (1, 2)):
        rules.issue(*services)
    rules.at(1, calling.call_next)
    before = console(rules)

    rules.at(2, calling.call_next)

    assert ahead(before) == [None, 2]
    assert ahead(console(rules)) == [None, 1]
    assert before.watches & rules.facts


def console(rules: RulesHarness) -> Rendering:
    """Return what the first counter's console shows, and on what it depends."""
    rendering: Rendering = rules.see(CounterTopic().render, key="1", now=rules.now)
    return rendering


def ahead(rendering: Rendering) -> list[int | None]:
    """Return who is ahead of each entry of the visitor at the counter."""
    visitor = rendering.data.model_dump()["counter"]["ticket"]
    return [entry["waiting_ahead"] for entry in visitor["entries"]]

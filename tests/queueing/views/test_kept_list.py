"""The list of agencies is made anew only where something in it has changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.commands.shared.site_folder import bump_revision
from app.db.engines import Readers, Reading
from app.models.states import DeviceKind
from app.queueing.line.kept_lines import KEY as LINES
from app.queueing.line.kept_lines import PublishedLines, lines_of
from app.queueing.service_day import ledger_row
from app.queueing.site.decisions import KEY as DECISIONS
from app.queueing.site.decisions import PublishedDecisions, decisions_of
from app.queueing.views.agencies import (
    AgencyView,
    agencies_json,
    agency_views,
    steady_agency_views,
)
from tests.support.rules.harness import RulesHarness, rules_of

KIOSK = DeviceKind.KIOSK
STATEMENTS = 5
"""BEGIN and its end; the revision by which the decisions are found, by which the list
is, and by which the lines are. No more with a thousand services."""


class Hall:
    """A mall, and a reader to whom the writer publishes what it knows."""

    def __init__(self, rules: RulesHarness) -> None:
        self.rules = rules
        self.decisions = PublishedDecisions()
        known = {LINES: PublishedLines(), DECISIONS: self.decisions}
        path = Path(str(rules.engine.url.database))
        self.readers = Readers(path, None, known)
        self.statements: list[str] = []

        @event.listens_for(self.readers.engine, "connect")
        def trace(connection: Any, _entry: object) -> None:
            connection.set_trace_callback(self.statements.append)

    def issue(self, service_id: int) -> None:
        """Issue a ticket and publish the decisions, which it leaves as they were."""
        self.rules.issue(service_id)
        # who came at this very moment might stand behind a number drawn now
        self.rules.wait(seconds=1)
        with self.rules.engine.begin() as db:
            bump_revision(db)
            revision = ledger_row(db).revision
        with self.reading() as db:
            rules = self.first_rules(db)
        self.decisions.publish(revision, rules)

    def first_rules(self, db: Connection) -> Any:
        newest = self.decisions._newest
        return newest.decisions.rules if newest else decisions_of(db).rules

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.readers.engine.connect() as db, db.begin():
            yield db

    def views(self) -> list[AgencyView]:
        with self.reading() as db:
            return agency_views(db, self.rules.now)

    def text(self) -> str:
        with self.reading() as db:
            return agencies_json(db, self.rules.now, KIOSK).value


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with rules_of(tmp_path) as rules:
        hall = Hall(rules)
        yield hall
        hall.readers.close()


def test_an_agency_that_has_not_changed_is_the_same_view(hall: Hall) -> None:
    hall.issue(1)
    first, second = hall.views()

    hall.issue(3)
    same, changed = hall.views()

    assert same is first
    assert changed is not second
    assert (second.waiting, changed.waiting) == (0, 1)


def test_only_an_agency_that_has_changed_is_serialised(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    serialised = []
    whole = AgencyView.model_dump_json

    def dump(view: AgencyView, **options: Any) -> str:
        serialised.append(view.id)
        return whole(view, **options)

    monkeypatch.setattr(AgencyView, "model_dump_json", dump)
    hall.issue(1)
    hall.text()
    assert serialised == [1, 2]

    hall.issue(3)
    text = hall.text()

    assert serialised == [1, 2, 2]
    assert text == f"[{','.join(whole(view) for view in hall.views())}]"


def test_after_a_ticket_the_list_asks_for_little(hall: Hall) -> None:
    hall.issue(1)
    hall.views()
    hall.issue(3)
    with hall.reading() as db:
        lines_of(db)  # the writer publishes them
    hall.statements.clear()

    hall.views()

    statements = [" ".join(each.split())[:90] for each in hall.statements]
    assert len(statements) <= STATEMENTS, statements


def test_the_same_list_is_not_made_twice(hall: Hall) -> None:
    def read() -> Reading[list[AgencyView]]:
        with hall.reading() as db:
            return steady_agency_views(db, hall.rules.now)

    hall.issue(1)

    assert read() is read()

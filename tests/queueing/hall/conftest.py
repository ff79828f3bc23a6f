"""The small mall's first sound space, with two displays."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from app.queueing import rows
from app.queueing.change import Actor
from tests.support.rules.harness import RulesHarness

SPACE = 1
FIRST, SECOND = 10, 11


def display(device_id: int) -> Actor:
    """Return a display as a caller."""
    return Actor("device", "display", device_id)


@pytest.fixture
def hall(rules: RulesHarness) -> RulesHarness:
    """Return the small mall with two displays of its first zone."""
    zone_id, space_id = rules.see(first_zone)
    assert space_id == SPACE
    with rules.engine.begin() as db:
        db.execute(rows.display_zone.delete())
        for id_ in (FIRST, SECOND):
            device = {"id": id_, "code": f"D{id_}", "kind": "display", "name": "D"}
            db.execute(insert(rows.device).values(device))
            link = {"device_id": id_, "zone_id": zone_id}
            db.execute(insert(rows.display_zone).values(link))
    return rules


def first_zone(db: Any) -> tuple[int, int]:
    query = select(rows.zone.c.id, rows.zone.c.sound_space_id).order_by(rows.zone.c.id)
    row = db.execute(query).first()
    return row.id, row.sound_space_id

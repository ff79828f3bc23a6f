"""Rows as the rules read and write them."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import CursorResult

from app.queueing.rows import new_id


def test_an_insert_that_tells_no_id_is_a_mistake() -> None:
    without_id = cast("CursorResult[Any]", SimpleNamespace(inserted_primary_key=None))

    with pytest.raises(LookupError):
        new_id(without_id)

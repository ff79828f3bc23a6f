"""What a process leaves to its machine."""

import gc
from collections.abc import Iterator

import pytest

from app.process import lasting_imports


@pytest.fixture(autouse=True)
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def collections() -> int:
    return sum(generation["collections"] for generation in gc.get_stats())


def test_imports_are_not_interrupted_by_collections() -> None:
    with lasting_imports():
        before = collections()
        kept = [[number] for number in range(100_000)]

        assert collections() == before
    assert gc.get_freeze_count() > len(kept)


def test_garbage_is_collected_again_after_an_import_that_failed() -> None:
    with pytest.raises(ImportError), lasting_imports():
        raise ImportError

    assert gc.isenabled()

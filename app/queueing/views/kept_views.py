"""Views that are made anew only where what they show has changed."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Inputs = TypeVar("Inputs", bound=tuple[object, ...])
T = TypeVar("T")


class KeptViews(Generic[Inputs, T]):
    """The newest view of each of some things, with all that it was made of.

    A view that is kept is shared: nobody changes it.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[Inputs, T]] = {}

    def view(self, key: Hashable, inputs: Inputs, make: Callable[[], T]) -> T:
        """Return the view of one thing: the last one, if it was made of the same."""
        kept = self._kept.get(key)
        if kept is None or kept[0] != inputs:
            # replaced as one: another thread may look it up meanwhile
            kept = self._kept[key] = (inputs, make())
        return kept[1]

"""What a figure is held to: a goal, and a floor below which it is not done."""

from typing import NamedTuple


class Target(NamedTuple):
    """A figure, how it is counted, and what it ought to be.

    Where the goal lies above the floor, more is better; else less is.
    """

    measured: str
    unit: str
    value: float
    goal: float
    floor: float

    def reached(self) -> str:
        """Return which of the two the figure reaches; a dash where there is none."""
        if self.value != self.value:
            return "-"
        for limit, name in ((self.goal, "goal"), (self.floor, "floor")):
            if self._is_as_good_as(limit):
                return name
        return "NEITHER"

    def _is_as_good_as(self, limit: float) -> bool:
        more_is_better = self.goal > self.floor
        return self.value >= limit if more_is_better else self.value <= limit

"""Figures of a simulation."""

from collections.abc import Iterable


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value below which a share of them lies."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def mean(values: Iterable[float]) -> float:
    """Return the mean of some values."""
    known = list(values)
    return sum(known) / len(known)

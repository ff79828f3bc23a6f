"""Filters as their frequency response: a whole sentence is filtered at once.

The formulas are those of the Audio EQ Cookbook (R. Bristow-Johnson), a standard of
the field; one multiplication in the spectrum stands for a recursion over the samples.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.voice.rendering.sound import RATE, Samples, fast_length

TAIL_SECONDS = 0.1
"""By then the slowest of these filters has died away; else its end came first."""
Response = NDArray[np.complex128]


class Biquad(NamedTuple):
    """A filter's coefficients: of what comes in, and of what came out."""

    b: tuple[float, float, float]
    a: tuple[float, float, float]

    def response(self, delay: Response) -> Response:
        """Return the response, ``delay`` being that of one sample per frequency."""
        above = self.b[0] + self.b[1] * delay + self.b[2] * delay**2
        below = self.a[0] + self.a[1] * delay + self.a[2] * delay**2
        return np.asarray(above / below)


def high_pass(hertz: float, q: float) -> Biquad:
    """Return what lets pass only above a frequency."""
    cosine, alpha = _angle(hertz, q)
    b = (1 + cosine) / 2
    return Biquad((b, -2 * b, b), (1 + alpha, -2 * cosine, 1 - alpha))


def peaking(hertz: float, decibels: float, q: float) -> Biquad:
    """Return what raises or lowers the band around a frequency."""
    cosine, alpha = _angle(hertz, q)
    gain = 10 ** (decibels / 40)
    return Biquad(
        (1 + alpha * gain, -2 * cosine, 1 - alpha * gain),
        (1 + alpha / gain, -2 * cosine, 1 - alpha / gain),
    )


def high_shelf(hertz: float, decibels: float, q: float) -> Biquad:
    """Return what raises or lowers all above a frequency."""
    cosine, alpha = _angle(hertz, q)
    gain = 10 ** (decibels / 40)
    slope = 2 * np.sqrt(gain) * alpha
    up, down = gain + 1, gain - 1
    b = (
        gain * (up + down * cosine + slope),
        -2 * gain * (down + up * cosine),
        gain * (up + down * cosine - slope),
    )
    a = (
        up - down * cosine + slope,
        2 * (down - up * cosine),
        up - down * cosine - slope,
    )
    return Biquad(b, a)


def filtered(samples: Samples, filters: tuple[Biquad, ...]) -> Samples:
    """Return samples after all of the filters."""
    length = fast_length(len(samples) + int(RATE * TAIL_SECONDS))
    spectrum = np.fft.rfft(samples, length) * _response(filters, length)
    return np.fft.irfft(spectrum, length)[: len(samples)]


# sentences come in few lengths, rounded as they are; a megabyte each
@lru_cache(maxsize=8)
def _response(filters: tuple[Biquad, ...], length: int) -> Response:
    turns = np.arange(length // 2 + 1) * (2 * np.pi / length)
    delay: Response = np.exp(-1j * turns)
    response = np.ones_like(delay)
    for each in filters:
        response *= each.response(delay)
    return response


def _angle(hertz: float, q: float) -> tuple[float, float]:
    turn = 2 * np.pi * hertz / RATE
    return float(np.cos(turn)), float(np.sin(turn) / (2 * q))

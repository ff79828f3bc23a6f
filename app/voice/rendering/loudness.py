"""How loud a sound is: LUFS and true peak (ITU-R BS.1770, EBU R 128)."""

import numpy as np

from app.voice.rendering.filters import filtered, high_pass, high_shelf
from app.voice.rendering.sound import RATE, Samples, fast_length

_K_WEIGHTING = (high_shelf(1500.0, 4.0, 1 / np.sqrt(2)), high_pass(38.0, 0.5))
_BLOCK_SECONDS = 0.4
_STEP_SECONDS = 0.1
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = 10.0
_OFFSET = -0.691
OVERSAMPLING = 4
SILENT = -120.0
"""Decibels that stand for silence, of which there is no logarithm."""


def loudness(samples: Samples) -> float:
    """Return the integrated loudness in LUFS, of 0.4 s at least."""
    block, step = int(RATE * _BLOCK_SECONDS), int(RATE * _STEP_SECONDS)
    padded = np.zeros(max(block, len(samples)))
    padded[: len(samples)] = samples
    energy = np.concatenate([[0.0], np.cumsum(filtered(padded, _K_WEIGHTING) ** 2)])
    starts = np.arange(0, len(padded) - block + 1, step)
    power = (energy[starts + block] - energy[starts]) / block
    audible = power[_decibels(power) > _ABSOLUTE_GATE]
    if not audible.size:
        return SILENT
    gate = _mean_decibels(audible) - _RELATIVE_GATE
    return _mean_decibels(audible[_decibels(audible) > gate])


def true_peak(samples: Samples) -> float:
    """Return the peak between the samples too, in dBTP."""
    peak = float(np.abs(oversampled(samples)).max(initial=0.0))
    return 20 * float(np.log10(peak)) if peak else SILENT


def oversampled(samples: Samples) -> Samples:
    """Return four samples for each: what the loudspeaker makes of them."""
    length = len(samples)
    if not length:
        return samples
    fast = fast_length(length)
    spectrum = np.fft.rfft(samples, fast)
    finer = np.fft.irfft(spectrum, fast * OVERSAMPLING) * OVERSAMPLING
    return finer[: length * OVERSAMPLING]


def _decibels(power: Samples) -> Samples:
    return np.asarray(_OFFSET + 10 * np.log10(np.maximum(power, 1e-12)))


def _mean_decibels(power: Samples) -> float:
    return _OFFSET + 10 * float(np.log10(power.mean()))

"""What a voice needs to be understood in a hall (voice.md#chain).

Less below, more where consonants are, the soft as loud as the loud, and an even level:
without it a fine voice is understood worse in noise than a poor one.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.voice.rendering.filters import filtered, high_pass, peaking
from app.voice.rendering.loudness import OVERSAMPLING, loudness, oversampled, true_peak
from app.voice.rendering.sound import RATE, Samples, block_peaks, trimmed

TARGET_LUFS = -16.0
PEAK_DB = -2.5
"""dBTP that the limiter leaves; Opus adds up to a decibel, and -1 is the limit."""
RATIO = 3.5
_EQUALISER = (
    high_pass(180.0, 1 / np.sqrt(2)),
    peaking(300.0, -4.0, 1.0),
    peaking(3000.0, 6.0, 1.0),
    peaking(5500.0, 3.0, 1.0),
)
_THRESHOLD_DB = -12.0
"""Below the sentence's own peak: above it is compressed."""
_LEVEL_SECONDS = 0.0025
_ATTACK_SECONDS = 0.005
_RELEASE_SECONDS = 0.08
_LIMITER_BLOCK = 12
_LIMITER_REACH = 8
"""Blocks of half a millisecond to both sides of a peak."""
_ROUNDS = 4
_NEAR_ENOUGH = 0.1


def for_hall(samples: Samples) -> Samples:
    """Return a sentence as the hall hears it: -16 LUFS, true peak below -1 dBTP."""
    clear = trimmed(samples)
    if not clear.size:
        return clear
    return levelled(_compressed(filtered(clear, _EQUALISER)))


def levelled(samples: Samples) -> Samples:
    """Return samples at the loudness of all announcements, their peaks limited.

    The limiter takes of the loudness again: some rounds, until it is met.
    """
    peaks = block_peaks(oversampled(samples), OVERSAMPLING * _LIMITER_BLOCK)
    result, decibels = samples, 0.0
    for _ in range(_ROUNDS):
        error = TARGET_LUFS - loudness(result)
        if abs(error) < _NEAR_ENOUGH and result is not samples:
            break
        decibels += error
        gain = 10 ** (decibels / 20)
        result = _limited(samples * gain, peaks * gain)
    return result


def _compressed(samples: Samples) -> Samples:
    block = int(RATE * _LEVEL_SECONDS)
    peaks = block_peaks(samples, block)
    levels = 20 * np.log10(np.maximum(peaks / peaks.max(), 1e-6))
    wanted = np.maximum(levels - _THRESHOLD_DB, 0.0) * (1 - 1 / RATIO)
    attack = 1 - np.exp(-_LEVEL_SECONDS / _ATTACK_SECONDS)
    release = 1 - np.exp(-_LEVEL_SECONDS / _RELEASE_SECONDS)
    reduction, reductions = 0.0, []
    for each in wanted.tolist():
        reduction += (each - reduction) * (attack if each > reduction else release)
        reductions.append(reduction)
    middles = (np.arange(len(reductions)) + 0.5) * block
    steady = np.interp(np.arange(len(samples)), middles, reductions)
    return np.asarray(samples * 10 ** (-steady / 20))


def _limited(samples: Samples, peaks: Samples) -> Samples:
    """Turn down around each peak above the limit, before it comes.

    The least gain in a window of blocks, then the mean over a shorter one, so that
    also between two blocks it never exceeds what the peak needs.
    """
    ceiling = 10 ** (PEAK_DB / 20)
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    if needed.min() == 1.0:
        return samples
    around = np.pad(needed, 2 * _LIMITER_REACH - 1, constant_values=1.0)
    least = sliding_window_view(around, 2 * _LIMITER_REACH + 1).min(axis=1)
    steady = sliding_window_view(least, 2 * _LIMITER_REACH - 1).mean(axis=1)
    middles = (np.arange(len(steady)) + 0.5) * _LIMITER_BLOCK
    return np.asarray(samples * np.interp(np.arange(len(samples)), middles, steady))


def fits_hall(samples: Samples) -> bool:
    """Tell whether a sound has the level of all announcements (within 1 LUFS)."""
    is_level = abs(loudness(samples) - TARGET_LUFS) <= 1
    return is_level and true_peak(samples) <= -1

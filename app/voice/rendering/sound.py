"""Sound as numbers: one channel, 24,000 a second, from -1 to 1."""

import io
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 24_000
"""Samples a second; of those that Opus knows the one that holds all of speech."""
Samples = NDArray[np.float64]
_SILENCE_DB = -45.0
_BLOCK_SECONDS = 0.005
_MARGIN_SECONDS = 0.02
_OPUS_RATE = 48_000


class Sound(NamedTuple):
    """Samples, and how many there are a second."""

    samples: Samples
    rate: int


def resampled(sound: Sound) -> Samples:
    """Return a sound at our rate; what is above half the lower rate is lost."""
    samples, rate = sound
    if rate == RATE or not len(samples):
        return samples
    # a length that fits both rates, and is quick: 441 and 480 have small factors
    per_second = int(np.gcd(rate, RATE))
    units = fast_length(-(-len(samples) * per_second // rate))
    length = units * RATE // per_second
    spectrum = np.fft.rfft(samples, units * rate // per_second)
    bins = length // 2 + 1
    fitted = np.zeros(bins, dtype=complex)
    kept = min(bins, len(spectrum))
    fitted[:kept] = spectrum[:kept]
    wanted = round(len(samples) * RATE / rate)
    return np.fft.irfft(fitted, length)[:wanted] * (RATE / rate)


def fast_length(length: int) -> int:
    """Return the next length of which a Fourier transform is quick.

    Of a prime it takes a hundred times as long.
    """
    power = 1 << max(0, length - 1).bit_length()
    shorter = (power * 5 // 8, power * 3 // 4, power)
    return next(each for each in shorter if each >= length)


def trimmed(samples: Samples) -> Samples:
    """Return samples without the silence around them, 20 ms of it left."""
    block = int(RATE * _BLOCK_SECONDS)
    levels = block_peaks(samples, block)
    if not levels.size or not levels.max():
        return samples[:0]
    loud = np.flatnonzero(levels > levels.max() * 10 ** (_SILENCE_DB / 20))
    margin = int(RATE * _MARGIN_SECONDS)
    first = max(0, loud[0] * block - margin)
    last = min(len(samples), (loud[-1] + 1) * block + margin)
    return samples[first:last]


def block_peaks(samples: Samples, block: int) -> Samples:
    """Return the peak of each block of samples; the last one may be shorter."""
    padded = np.zeros(-(-len(samples) // block) * block)
    padded[: len(samples)] = np.abs(samples)
    return np.asarray(padded.reshape(-1, block).max(axis=1))


def silence(seconds: float) -> Samples:
    """Return so long a silence."""
    return np.zeros(int(RATE * seconds))


def opus(samples: Samples) -> bytes:
    """Return samples as Opus in Ogg.

    At 48,000 samples a second: libopus takes half the time for it that it takes for
    24,000, where it puts two encoders together.
    """
    length = fast_length(len(samples))
    finer = np.fft.irfft(np.fft.rfft(samples, length), 2 * length) * 2
    return _file(finer[: 2 * len(samples)], _OPUS_RATE, "OGG", "OPUS")


def wav(sound: Sound) -> bytes:
    """Return a sound as WAV of 16 bits, at our rate."""
    return _file(resampled(sound), RATE, "WAV", "PCM_16")


def _file(samples: Samples, rate: int, container: str, subtype: str) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=container, subtype=subtype)
    return file.getvalue()


def decoded(content: bytes) -> Sound:
    """Return what a file holds, its channels as one; ``OSError`` if it is no sound."""
    try:
        samples, rate = soundfile.read(io.BytesIO(content), always_2d=True)
    except soundfile.LibsndfileError as error:
        raise OSError(str(error)) from error
    return Sound(np.asarray(samples.mean(axis=1)), int(rate))

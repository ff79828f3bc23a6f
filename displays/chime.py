"""The chime before a call: two bell tones, made here so that nobody's sound is copied.

`python -m displays.chime` writes `static/chime.wav` anew; a test holds the file to it.
"""

import math
import sys
import wave
from array import array
from io import BytesIO
from pathlib import Path

FILE = Path(__file__).parent / "static" / "chime.wav"

RATE = 22_050
"""Samples per second: twice the highest partial, and small on an old display PC."""
SECONDS = 1.6
TONES = ((0.0, 659.26), (0.45, 523.25))
"""Start in seconds, frequency in hertz: E5 and C5, a falling major third."""
PARTIALS = ((1.0, 1.0, 2.6), (2.0, 0.35, 4.2), (3.01, 0.12, 7.0))
"""Of a bell: multiple of its tone, share of its loudness, decay per second."""
# seconds of rise and fall: an abrupt edge is heard as a click
ATTACK = 0.008
RELEASE = 0.06
LOUDNESS = -16.0
"""Root mean square in dB below full scale (legibility.md#sound)."""


def chime() -> bytes:
    """Return the chime as a WAV file: mono, 16 bit."""
    target = 10 ** (LOUDNESS / 20)
    wave_form = [_at(i / RATE) for i in range(round(SECONDS * RATE))]
    mean_square = sum(value * value for value in wave_form) / len(wave_form)
    gain = target / math.sqrt(mean_square)
    return _wav(array("h", (round(32_767 * gain * v) for v in wave_form)))


def _at(moment: float) -> float:
    """Return the air's pressure at a moment, without a scale."""
    sounding = (_bell(moment - start, tone) for start, tone in TONES if moment >= start)
    return sum(sounding) * min(1.0, (SECONDS - moment) / RELEASE)


def _bell(age: float, tone: float) -> float:
    rise = min(1.0, age / ATTACK)
    return rise * sum(
        share * math.exp(-decay * age) * math.sin(2 * math.pi * tone * multiple * age)
        for multiple, share, decay in PARTIALS
    )


def _wav(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(chime())

"""The committed chime is the one that the script makes, and it is well behaved."""

import math
import sys
import wave
from array import array
from io import BytesIO

import pytest

from displays.chime import FILE, LOUDNESS, RATE, chime


def samples(sound: bytes) -> "array[int]":
    with wave.open(BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert file.getframerate() == RATE
        samples = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def test_the_committed_file_is_what_the_script_makes() -> None:
    made, committed = samples(chime()), samples(FILE.read_bytes())

    assert len(made) == len(committed)
    # another machine's sine may differ in the last bit
    assert max(abs(a - b) for a, b in zip(made, committed, strict=True)) <= 1


def test_it_is_as_loud_as_the_other_clips_and_does_not_clip() -> None:
    sound = samples(FILE.read_bytes())
    power = sum(value * value for value in sound) / len(sound)

    assert 10 * math.log10(power / 32_767**2) == pytest.approx(LOUDNESS, abs=0.1)
    assert max(map(abs, sound)) <= 32_767 * 10 ** (-1 / 20)


def test_it_begins_and_ends_in_silence() -> None:
    sound = samples(FILE.read_bytes())

    assert sound[0] == 0
    assert abs(sound[-1]) < 100

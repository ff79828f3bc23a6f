"""A mall's own recordings: the longest that fits, and the quick voice for the rest."""

from pathlib import Path

import numpy as np
import pytest

from app.queueing.speech import call_text
from app.voice.clip_list import needed_clips
from app.voice.folders import clips_folder
from app.voice.ogg import seconds
from app.voice.rendering.clips import RecordedClips
from app.voice.rendering.renderer import Renderer
from app.voice.rendering.sound import RATE, Samples, Sound, block_peaks, wav
from app.voice.voice_choice import VoiceChoice
from tests.voice.orders import RECORDED, call_audio, order_of

TONES = {"nomor-antrean": 300, "a": 400, "nol": 500, "lima": 600, "tiga": 700}
SYNTHESISED = 2000
BLOCK = RATE // 100


class Whistle:
    """A voice that whistles, and remembers what it was asked to say."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def speak(self, language: str, words: str) -> Sound:
        self.words.append(words)
        return Sound(tone(SYNTHESISED), RATE)


def tone(hertz: float) -> Samples:
    return 0.2 * np.sin(2 * np.pi * hertz * np.arange(RATE // 2) / RATE)


def record(folder: Path, name: str, hertz: float) -> None:
    path = folder / "id" / f"{name}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wav(Sound(tone(hertz), RATE)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, hertz in TONES.items():
        record(tmp_path, name, hertz)
    return tmp_path


def tones_of(sound: Sound) -> list[int]:
    """Return the tones of a sound in their order, to the nearest hundred."""
    loud = block_peaks(sound.samples, BLOCK) > 0.01
    edges = np.flatnonzero(np.diff(np.concatenate([[0], loud, [0]])))
    tones = []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        part = sound.samples[first * BLOCK : last * BLOCK]
        peak = np.argmax(np.abs(np.fft.rfft(part))) * RATE / len(part)
        tones.append(round(float(peak) / 100) * 100)
    return tones


def test_clips_are_played_in_the_order_of_the_words(folder: Path) -> None:
    whistle = Whistle()

    sound = RecordedClips(folder, whistle).speak("id", "nomor antrean a, nol, lima.")

    assert tones_of(sound) == [300, 400, 500, 600]
    assert whistle.words == []


def test_a_missing_clip_is_synthesised_alone(folder: Path) -> None:
    whistle = Whistle()

    sound = RecordedClips(folder, whistle).speak("id", "nomor antrean be, nol, enam.")

    assert tones_of(sound) == [300, SYNTHESISED, 500, SYNTHESISED]
    assert whistle.words == ["be.", "enam."]


def test_words_beside_each_other_that_are_missing_are_said_as_one(
    folder: Path,
) -> None:
    whistle = Whistle()

    RecordedClips(folder, whistle).speak("id", "silakan menuju loket tiga.")

    assert whistle.words == ["silakan menuju loket."]


def test_a_whole_sentence_goes_before_its_words(folder: Path) -> None:
    record(folder, "silakan-menuju-loket-tiga", 900)

    sound = RecordedClips(folder, Whistle()).speak("id", "silakan menuju loket tiga.")

    assert tones_of(sound) == [900]


def test_a_new_recording_is_heard_in_the_next_call(tmp_path: Path) -> None:
    before = order_of(tmp_path, "A-005", choice=RECORDED)
    record(clips_folder(tmp_path), "nol", 500)
    after = order_of(tmp_path, "A-005", choice=RECORDED)
    renderer = Renderer(tmp_path)

    assert before.phrase_key(before.phrases[0]) != after.phrase_key(after.phrases[0])
    assert renderer.render(after) == 2
    assert 2 < seconds(call_audio(tmp_path, after)) < 10


def test_the_list_holds_every_clip_that_a_mall_needs(tmp_path: Path) -> None:
    choice = VoiceChoice("recorded", "digits", {"Loket 2": "loket utama"})
    names = needed_clips(["A", "DK"], ["Loket 1", "Loket 2", "Loket 12"], choice)
    for name in names:
        record(clips_folder(tmp_path), name, 500)
    whistle = Whistle()
    clips = RecordedClips(clips_folder(tmp_path), whistle)

    for number in ("A-001", "A-999", "DK-350"):
        for place in ("Loket 1", "Loket 2", "Loket 12"):
            for count in (1, 2, 11):
                order = choice.order(
                    call_text(number, place, count), clips_folder(tmp_path)
                )
                for phrase in order.phrases:
                    clips.speak(*phrase)

    assert whistle.words == []
    assert names[:2] == ["nomor-antrean", "silakan-menuju"]
    assert {"a", "de", "ka", "nol", "sembilan", "utama", "belas"} <= set(names)
    assert "ratus" not in names
    assert len(names) == len(set(names))


def test_read_as_values_numbers_need_other_clips() -> None:
    names = needed_clips(["A"], [], VoiceChoice("recorded", "terbilang"))

    assert {"belas", "puluh", "ratus", "seratus", "sebelas"} <= set(names)
    assert "nol" not in names

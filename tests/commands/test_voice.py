"""``./antrean voice``: listening, rendering ahead, a mall's own clips."""

from pathlib import Path

import pytest

from app.settings import Settings
from app.voice.audio_cache import AudioCache
from app.voice.folders import clips_folder, phrases_folder
from app.voice.rendering.loudness import loudness
from app.voice.rendering.sound import decoded
from tests.commands.conftest import Run
from tests.commands.test_commands import assert_one_sentence
from tests.support.database import Disk


def choose(site: Path, policy: str) -> None:
    with Disk(Settings(data=site).database).writing() as db:
        db.exec_driver_sql("UPDATE site SET policy = ?", (policy,))


def test_a_sentence_is_written_to_a_file_to_listen_to(
    site: Path, run: Run, tmp_path: Path
) -> None:
    for name in ("a.wav", "a.opus"):
        out = tmp_path / name
        text = "Nomor antrean A, lima."
        status, printed, errors = run(
            "voice", "say", text, "--out", out, "--data", site
        )

        assert (status, errors) == (0, "")
        assert printed.startswith(f"{out}: ")
        sound = decoded(out.read_bytes())
        assert 1 < len(sound.samples) / sound.rate < 4
    assert loudness(decoded((tmp_path / "a.wav").read_bytes()).samples) == (
        pytest.approx(-16, abs=1)
    )


def test_status_says_which_voice_there_is_and_that_it_speaks(
    site: Path, run: Run
) -> None:
    status, printed, _ = run("voice", "status", "--data", site)

    assert status == 0
    assert [line.split() for line in printed.splitlines()] == [
        ["voice", "espeak"],
        ["numbers", "digits"],
        ["sentences", "0,", "0.0", "MB"],
        ["engine", "speaks"],
    ]


def test_numbers_are_rendered_ahead_once(site: Path, run: Run) -> None:
    arguments = ("voice", "render", "--numbers", "2", "--data", site)

    first = run(*arguments)
    again = run(*arguments)

    # three series, two numbers each; and the ways to three counters
    assert first == (0, "9 sentences, 9 of them to be made.\n", "")
    assert again == (0, "9 sentences, 0 of them to be made.\n", "")
    assert AudioCache(phrases_folder(site)).size()[0] == 9


def test_the_clips_that_a_mall_must_record_are_listed(site: Path, run: Run) -> None:
    nol = clips_folder(site) / "id" / "nol.wav"
    nol.parent.mkdir(parents=True)
    nol.write_bytes(b"")

    status, printed, _ = run("voice", "clips", "--data", site)

    assert status == 1
    assert "there\tid/nol.wav\n" in printed
    assert "missing\tid/nomor-antrean.wav\n" in printed
    assert "missing\tid/loket.wav\n" in printed
    *clips, last = printed.splitlines()
    assert last == (
        f"{len(clips)} clips, {len(clips) - 1} of them missing in {clips_folder(site)}."
    )


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("{}", ("say",)),
        ("{}", ("say", "Satu.", "--out", "x.mp3")),
        ('{"voice": "off"}', ("say", "Satu.")),
        ('{"voice": "off"}', ("render",)),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    site: Path, run: Run, policy: str, words: tuple[str, ...]
) -> None:
    choose(site, policy)

    status, _, errors = run("voice", *words, "--data", site)

    assert status == 1
    assert_one_sentence(errors)


def test_a_site_without_a_voice_says_so(site: Path, run: Run) -> None:
    choose(site, '{"voice": "off"}')

    status, printed, _ = run("voice", "status", "--data", site)

    assert status == 0
    assert printed.startswith("voice          off\n")
    assert "engine" not in printed

"""Each trap of python-escpos' import, sprung in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
CACHE = f"{sys.version_info.major}.{sys.version_info.minor}"


def run(code: str, folder: Path, **environment: str) -> str:
    settings = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"),
                "TMPDIR": str(folder / "tmp"), **environment}  # fmt: skip
    (folder / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-W", "error", "-c", code],
        env=settings, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_leaves_the_root_logger_and_the_temporary_folder_alone(tmp_path: Path) -> None:
    output = run(
        "import logging, printer.slips.escpos_library;"
        "print(logging.getLogger().handlers)",
        tmp_path,
    )

    assert output == "[]"
    assert list((tmp_path / "tmp").iterdir()) == []


def test_caches_in_a_folder_only_we_can_read(tmp_path: Path) -> None:
    run("import printer.slips.escpos_library", tmp_path)

    folder = tmp_path / "home" / ".cache" / "antrean" / "escpos"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [f.name.startswith(CACHE) for f in folder.iterdir()] == [True]


def test_survives_a_cache_cut_short_by_a_power_failure(tmp_path: Path) -> None:
    run("import printer.slips.escpos_library", tmp_path)
    cache = next((tmp_path / "home" / ".cache" / "antrean" / "escpos").iterdir())
    whole = cache.read_bytes()
    cache.write_bytes(whole[:1000])

    output = run(
        "from printer.slips.escpos_library import PROFILES; print(len(PROFILES))",
        tmp_path,
    )

    assert int(output) > 30
    assert cache.read_bytes() == whole


def test_unpickles_nothing_from_a_folder_that_others_can_write_to(
    tmp_path: Path,
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)

    run(
        "import printer.slips.escpos_library",
        tmp_path,
        ESCPOS_CAPABILITIES_PICKLE_DIR=str(shared),
    )

    assert list(shared.iterdir()) == []


def test_uses_the_folder_the_operator_chose(tmp_path: Path) -> None:
    configured = tmp_path / "chosen"

    run(
        "import printer.slips.escpos_library",
        tmp_path,
        ESCPOS_CAPABILITIES_PICKLE_DIR=str(configured),
    )

    assert len(list(configured.iterdir())) == 1


def test_starts_without_a_home(tmp_path: Path) -> None:
    output = run(
        "import printer.slips.escpos_library; print('ready')",
        tmp_path,
        XDG_CACHE_HOME="/proc/none",
    )

    assert output == "ready"

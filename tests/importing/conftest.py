"""A small mall's file, and a real database file to import it into."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.db.engines import writer_engine
from app.db.migration import migrate
from app.importing import ImportFailed, ImportSummary, import_mall, read_mall

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 01:30 the next day in Jambi
SMALL = """\
site:
  name: Mal Contoh
  timezone: Asia/Jakarta
  languages: [id, en]
  public_url: http://mal.example:8000/
  hours:
    - {days: [mon, tue], opens: 08:00, closes: 15:30}
sound_spaces:
  - {code: L1, name: Lantai 1}
  - {code: L2, name: Lantai 2}
zones:
  - {code: A, name: Zona A, sound_space: L1}
  - {code: B, name: Zona B, sound_space: L2}
agencies:
  - code: DKC
    name: Dinas Kependudukan
    name_en: Civil Registration
    short_name: Dukcapil
    symbol: id-card
    prefix: A
    hours:
      - {days: [mon], opens: 09:00, closes: 14:00}
    services:
      - {code: KTP, name: KTP-el, name_en: e-KTP, typical_minutes: 10}
      - {code: KK, name: Kartu Keluarga, name_en: Family card, typical_minutes: 15}
  - code: IMI
    name: Imigrasi
    name_en: Immigration
    short_name: Imigrasi
    symbol: passport
    services:
      - {code: BARU, name: Paspor, name_en: Passport, prefix: N, typical_minutes: 25}
counters:
  - {code: L01, name: Loket 1, zone: A, services: [DKC]}
  - {code: L02, name: Loket 2, zone: B, services: [IMI/BARU, DKC/KK]}
displays:
  - {code: AULA, name: Layar Aula, zones: [A, B]}
printers:
  - {code: P1, name: Printer 1, address: tcp://127.0.0.1:9100}
  - {code: P2, name: Printer 2, address: tcp://127.0.0.1:9101, paper: 58mm}
kiosks:
  - {code: K1, name: Kios 1, printer: P1}
"""

Importer = Callable[[str], ImportSummary]


def edited(*changes: tuple[str, str]) -> str:
    """Return the small mall's file with texts replaced, each of them once there."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def without(start: str) -> str:
    """Return the small mall's file without the line that begins so."""
    lines = SMALL.splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(start)]
    assert len(kept) == len(lines) - 1, start
    return "".join(kept)


def problems_of(text: str) -> list[str]:
    """Return what is wrong with a file, as people read it."""
    with pytest.raises(ImportFailed) as failed:
        read_mall(text)
    return [str(problem) for problem in failed.value.problems]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "antrean.db"
    migrate(path)
    engine = writer_engine(path)
    yield engine
    engine.dispose()


@pytest.fixture
def run_import(engine: Engine) -> Importer:
    """Import a file's text in a transaction of its own."""

    def run(text: str) -> ImportSummary:
        with engine.begin() as db:
            return import_mall(db, read_mall(text), now=NOW)

    return run

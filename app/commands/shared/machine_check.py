"""What the doctor looks at besides printers: the database, and the descriptors."""

import re
import sys
from pathlib import Path

from app.commands.shared.data_folder import LOCK
from app.db.damage import find_damage
from app.process import WANTED, raise_descriptor_limit
from app.settings import Settings
from printer.advice import Language

_ENOUGH = WANTED // 4
_OPEN_FILES = re.compile(r"^Max open files\s+(\d+|unlimited)", re.MULTILINE)

_SENTENCES: dict[str, dict[Language, str]] = {
    "well": {
        "id": "Basis data utuh.",
        "en": "The database is whole.",
    },
    "damaged": {
        "id": "Basis data rusak ({damage}). Biarkan berkas itu, dan pasang salinan utuh"
        " tanpa berkas -wal di sampingnya"
        " (/help/reference/commands#a-damaged-database).",
        "en": "The database is damaged ({damage}). Keep the file, and put a whole copy"
        " in its place with no -wal beside it"
        " (/help/reference/commands#a-damaged-database).",
    },
    "descriptors": {
        "id": "Proses hanya boleh membuka {limit} berkas dan sambungan: kurang untuk"
        " banyak layar. Naikkan batasnya (LimitNOFILE={wanted} di systemd).",
        "en": "The process may open no more than {limit} files and connections: too few"
        " for many screens. Raise the limit (LimitNOFILE={wanted} in systemd).",
    },
}


def is_site_well(settings: Settings, language: Language) -> bool:
    """Look at a site's whole database, and how many connections it may have.

    Says what it found; False when something must be done. Without a site: True.
    """
    if not settings.database.is_file():
        return True
    limit = server_limit(settings.data)
    if limit < _ENOUGH:
        _write("!", "descriptors", language, limit=str(limit), wanted=str(WANTED))
    damage = find_damage(settings.database, seconds=None)
    if damage is None:
        _write("✓", "well", language)
        return True
    _write("✗", "damaged", language, damage=damage.splitlines()[0])
    return False


def server_limit(folder: Path) -> int:
    """Return how many descriptors the folder's server may have, or one would have."""
    try:
        pid = int((folder / LOCK).read_text(encoding="ascii"))
        text = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    except (OSError, ValueError):
        # none runs, or this system does not tell
        return raise_descriptor_limit()
    found = _OPEN_FILES.search(text)
    if found is None:
        return raise_descriptor_limit()
    return WANTED if found[1] == "unlimited" else int(found[1])


def _write(mark: str, name: str, language: Language, **facts: str) -> None:
    sys.stdout.write(f"{mark} {_SENTENCES[name][language].format(**facts)}\n")

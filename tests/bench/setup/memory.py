"""How much memory a process takes."""

import re
from pathlib import Path
from typing import NamedTuple, Self

_LINE = re.compile(r"^(Rss|Pss|VmHWM):\s+(\d+) kB$", re.MULTILINE)
_NAN = float("nan")


class Memory(NamedTuple):
    """MB of 10^6 bytes: in all, with shared pages by its share, and at most so far.

    Not numbers where the system does not say it.
    """

    rss: float = _NAN
    pss: float = _NAN
    peak: float = _NAN

    @classmethod
    def of(cls, pid: int) -> Self:
        """Read a process's."""
        folder = Path(f"/proc/{pid}")
        try:
            text = "".join(
                (folder / name).read_text(encoding="ascii")
                for name in ("smaps_rollup", "status")
            )
        except OSError:
            return cls()
        found = {name: int(kib) * 1024 / 1e6 for name, kib in _LINE.findall(text)}
        return cls(found["Rss"], found["Pss"], found["VmHWM"])

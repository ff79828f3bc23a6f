"""What a site puts on its slips besides the ticket: a logo and texts of its own.

Both are files in the data folder: ``slip/logo.png`` and ``slip/texts.yaml``.
A wrong file costs the slip its ornament, never the visitor the slip.
"""

import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.queueing.views.local_text import ShownText, shown_list
from printer.slips.logo import BadLogo, check_logo
from printer.slips.raster import unprintable_characters

FOLDER, LOGO, TEXTS = "slip", "logo.png", "texts.yaml"
MAX_BYTES = 1 << 20

logger = logging.getLogger(__name__)

Lines = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=8)]


class LocalizedLines(BaseModel):
    """Lines of text in each language; Indonesian stands in for a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Lines = []
    en: Lines = []

    def in_language(self, language: str) -> tuple[ShownText, ...]:
        """Return the lines that a visitor of this language reads."""
        return tuple(shown_list(self.id, self.en, language))


class SlipTexts(BaseModel):
    """``texts.yaml``: below the site's name, at the end, and for each agency's code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    head: LocalizedLines = LocalizedLines()
    foot: LocalizedLines = LocalizedLines()
    agencies: dict[str, LocalizedLines] = {}

    def of_agencies(
        self, codes: tuple[str, ...], language: str
    ) -> tuple[ShownText, ...]:
        """Return the lines of these agencies, in their order."""
        texts = (self.agencies[code] for code in codes if code in self.agencies)
        return tuple(line for lines in texts for line in lines.in_language(language))

    def lines(self) -> Iterator[str]:
        """Return every line in every language."""
        for each in (self.head, self.foot, *self.agencies.values()):
            yield from (*each.id, *each.en)


class Letterhead(NamedTuple):
    """The logo and texts; ``problems`` are sentences for whoever keeps the files."""

    logo: bytes | None = None
    texts: SlipTexts = SlipTexts()
    problems: tuple[str, ...] = ()


def letterhead_in(folder: Path) -> Letterhead:
    """Return the letterhead of a site's folder as its files now are. Never raises."""
    logo, texts = folder / FOLDER / LOGO, folder / FOLDER / TEXTS
    return _read(logo, _version(logo), texts, _version(texts))


@lru_cache(maxsize=4)
def _read(logo: Path, _logo_is: object, texts: Path, _texts_are: object) -> Letterhead:
    """Read both files, once for each state they are in."""
    problems: list[str] = []
    letterhead = Letterhead(
        _logo(logo, problems), _texts(texts, problems), tuple(problems)
    )
    for problem in letterhead.problems:
        logger.warning("%s", problem)
    return letterhead


def _version(path: Path) -> tuple[int, int] | None:
    try:
        file_stat = path.stat()
    except OSError:
        return None
    return file_stat.st_mtime_ns, file_stat.st_size


def _logo(path: Path, problems: list[str]) -> bytes | None:
    png = _read_file(path, problems)
    if png is None:
        return None
    try:
        check_logo(png)
    except BadLogo as error:
        problems.append(f"{path}: {error}")
        return None
    return png


def _texts(path: Path, problems: list[str]) -> SlipTexts:
    data = _read_file(path, problems)
    if data is None:
        return SlipTexts()
    try:
        texts = SlipTexts.model_validate(yaml.safe_load(data) or {})
    # RecursionError: brackets nested deeper than Python reads
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError, RecursionError) as e:
        problems.append(f"{path}: {_first_line(e)}")
        return SlipTexts()
    unprintable = unprintable_characters("".join(texts.lines()))
    if unprintable:
        problems.append(
            f"{path}: the slip's font lacks {unprintable}: each prints as a box."
        )
    return texts


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        detail = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        return f"{where}: {detail['msg']}."
    return f"{' '.join(str(error).split())}."


def _read_file(path: Path, problems: list[str]) -> bytes | None:
    try:
        if path.stat().st_size > MAX_BYTES:
            problems.append(f"{path}: more than {MAX_BYTES} bytes.")
            return None
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        problems.append(f"{path}: {error.strerror}.")
        return None

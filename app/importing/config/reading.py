"""Reading a file in a process of its own: a busy thread would hold up every screen.

Run as ``python -m app.importing.config.reading`` it takes a file's bytes and gives the
checked mall with its warnings, or all its wrong lines, as JSON (decision 0014: threads
share one lock).
"""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import app
from app.importing.legibility.warnings import warnings_of
from app.importing.problems import ImportFailed, MallWarning, Problem
from app.importing.reader import read_mall_bytes
from app.importing.schema import Mall

SECONDS = 60.0
_ROOT = Path(app.__file__).parents[1]
# one at a time: it is an admin's, and rare
_turn = asyncio.Semaphore(1)


class MallFile(NamedTuple):
    """What a file describes, and what to know before the mall becomes so."""

    mall: Mall
    warnings: list[MallWarning]


async def read_apart(content: bytes) -> MallFile:
    """Return what a file describes, off this process altogether.

    Raises ImportFailed, and TimeoutError after ``SECONDS``.
    """
    async with _turn, asyncio.timeout(SECONDS):
        output = await _run(content)
    # what it was checked for there is checked no more: the same program wrote it
    answer = json.loads(output)
    if "problems" in answer:
        raise ImportFailed(Problem(**each) for each in answer["problems"])
    warnings = [MallWarning(*each) for each in answer["warnings"]]
    return MallFile(Mall.model_validate(answer["mall"]), warnings)


async def _run(content: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        output, _ = await process.communicate(content)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output


def _answer(content: bytes) -> str:
    try:
        mall = read_mall_bytes(content)
    except ImportFailed as failed:
        return json.dumps({"problems": [asdict(each) for each in failed.problems]})
    # as the file says it: what it leaves out follows the product's defaults
    plain = mall.model_dump(mode="json", exclude_unset=True)
    return json.dumps({"mall": plain, "warnings": warnings_of(mall)})


if __name__ == "__main__":
    sys.stdout.write(_answer(sys.stdin.buffer.read()))

"""The rendering process: a line of JSON for each order, and one for each answer."""

import json
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from app.voice.orders import Order
from app.voice.rendering.renderer import Renderer

LEAST_PRIORITY = 19


def main(arguments: list[str]) -> int:
    """Render what is ordered until the input ends; ``--ahead`` at the least priority.

    Ctrl-C at a terminal reaches this process too: the server ends it in its own order.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if "--ahead" in arguments[1:] and hasattr(os, "nice"):
        os.nice(LEAST_PRIORITY)
    # a library's own word on the output would be no line of JSON
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with suppress(BrokenPipeError):  # the server is gone, and asks for nothing more
        serve(sys.stdin, answers, Renderer(Path(arguments[0])))
    return 0


def serve(orders: TextIO, answers: TextIO, renderer: Renderer) -> None:
    """Answer each line; a line that cannot be carried out is answered with why."""
    for line in orders:
        answer = _carry_out(json.loads(line), renderer)
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()


def _carry_out(received: dict[str, Any], renderer: Renderer) -> dict[str, Any]:
    began = time.process_time()
    try:
        made_anew = renderer.render(Order.of_json(received["order"]))
    except Exception as error:
        logging.getLogger(__name__).exception("nothing was rendered")
        return {"id": received["id"], "error": f"{type(error).__name__}: {error}"}
    cpu = time.process_time() - began
    return {"id": received["id"], "made": made_anew, "cpu_seconds": cpu}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What this process may take of its machine: descriptors, and a core's time.

Each connection is a descriptor: a server that has used them up takes no caller any
more, and opens no file.
"""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

try:
    import resource
except ImportError:  # no such limit there
    resource = None  # type: ignore[assignment]

WANTED = 16_384
"""Enough for 5,000 live sockets and as many connections that come and go."""
UNKNOWN = 1024
POLITENESS = 5
"""By so much a thread's priority is lowered (nice): to a third of the others' time. Not
to the least: on a machine with other work a sign-in would take for ever."""


def descriptor_limit() -> int:
    """Return how many this process may hold open; ``WANTED`` where nothing limits."""
    if resource is None:
        return UNKNOWN
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return WANTED if limit == resource.RLIM_INFINITY else min(limit, WANTED)


def raise_descriptor_limit() -> int:
    """Raise this process's own limit as far as it may and ``WANTED`` asks; return it.

    Shells give 1,024 to whoever does not ask; what the system allows is mostly more.
    """
    if resource is not None:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            # some systems allow less than they say
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return descriptor_limit()


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Leave what is imported meanwhile out of all collections of garbage.

    Each would walk through it: a tenth of a start, and later 50 to 100 ms in which
    nobody is answered.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def yield_to_others() -> None:
    """Give this thread, and those that are started from it, a lower priority."""
    # Linux has a priority of each thread; elsewhere it would be the whole process's
    if sys.platform == "linux":
        with suppress(OSError):
            thread = threading.get_native_id()
            priority = os.getpriority(os.PRIO_PROCESS, thread) + POLITENESS
            os.setpriority(os.PRIO_PROCESS, thread, min(priority, 19))

"""A printer behind a device file, such as `/dev/usb/lp0`."""

import os
import stat

from printer.address import FileAddress
from printer.descriptor import DescriptorChannel, open_descriptor
from printer.link import Deadlines, LinkFailure
from printer.serial_line import make_raw

CHUNK = 4096


async def open_device(address: FileAddress, deadlines: Deadlines) -> DescriptorChannel:
    """Open a device file or a pipe; LinkFailure `unreachable` for anything else.

    A plain file is no printer: it is what is left where a program that makes
    its files printed while the device was away, and jobs would "succeed".
    A pipe cannot answer, whatever is expected of it.
    """
    wants_answers = address.reports_status and not _is_pipe(address.path)
    flags = os.O_RDWR if wants_answers else os.O_WRONLY
    descriptor = await open_descriptor(address.path, flags, deadlines)
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)):
        os.close(descriptor)
        raise LinkFailure("unreachable", "not-a-printer")
    if os.isatty(descriptor):
        make_raw(descriptor)
    can_answer = wants_answers and stat.S_ISCHR(mode)
    return DescriptorChannel(
        descriptor, address.path, chunk=CHUNK, can_answer=can_answer
    )


def _is_pipe(path: str) -> bool:
    try:
        return stat.S_ISFIFO(os.stat(path).st_mode)  # noqa: PTH116
    except OSError:
        return False

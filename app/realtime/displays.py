"""Which displays are here, and which of them can make sound.

On the event loop. A display is here while it holds a live socket of its own: whoever
of the staff looks at its board is no display.
"""

from collections.abc import Callable

from app.models.states import DeviceKind
from app.queueing.change import Actor


class ConnectedDisplays:
    """The displays that are here, in the order in which they came."""

    def __init__(self) -> None:
        self._sockets: dict[int, int] = {}
        self._mute: set[int] = set()
        self._silent: set[int] = set()

    def __contains__(self, device_id: int) -> bool:
        """Tell whether a display is here."""
        return device_id in self._sockets

    def add(self, actor: Actor | None) -> None:
        """Count a socket that is ready; only a display's own counts."""
        device_id = _display_id(actor)
        if device_id is not None:
            self._sockets[device_id] = self._sockets.get(device_id, 0) + 1
            self._silent.discard(device_id)

    def discard(self, actor: Actor | None) -> None:
        """Count a socket no more."""
        device_id = _display_id(actor)
        if device_id is None or device_id not in self._sockets:
            return
        self._sockets[device_id] -= 1
        if not self._sockets[device_id]:
            del self._sockets[device_id]

    def note_sound(self, device_id: int, *, can_sound: bool) -> None:
        """Note what a display says of itself: whether its browser lets sound out."""
        change: Callable[[int], None] = (
            self._mute.discard if can_sound else self._mute.add
        )
        change(device_id)
        self.note_voice(device_id)

    def note_voice(self, device_id: int) -> None:
        """Note that a display has said something of itself: it is not silent."""
        self._silent.discard(device_id)

    def note_silence(self, device_id: int) -> None:
        """Note that a display lets lie what it should speak."""
        self._silent.add(device_id)

    def able(self) -> list[int]:
        """Return the displays that are here and can speak, as they came."""
        unable = self._mute | self._silent
        return [each for each in self._sockets if each not in unable]


def _display_id(actor: Actor | None) -> int | None:
    is_display = actor is not None and actor.role == DeviceKind.DISPLAY
    return actor.id if is_display and actor is not None else None

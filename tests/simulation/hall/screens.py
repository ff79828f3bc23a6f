"""A display as its page behaves: it paints, speaks in order, and reports."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app.queueing.hall.receipts import ShownCall, SpokenAnnouncement

SPEECH = timedelta(seconds=5)
"""Chime and sentence, as the quick voice says them (hall.md#under-load)."""


class Utterance(NamedTuple):
    """What a device has spoken to its end."""

    space_id: int
    device_id: int
    announcement_id: int
    call_id: int
    text: str
    begins_at: datetime
    ends_at: datetime


@dataclass
class Screen:
    """One display: its page's memory falls with its power, not with its line."""

    id: int
    zone_ids: list[int]
    is_on: bool = True
    is_linked: bool = True
    is_hung: bool = False
    announced_up_to: int | None = None
    board: dict[str, Any] = field(default_factory=dict)
    waiting: dict[int, dict[str, Any]] = field(default_factory=dict)
    painted: set[int] = field(default_factory=set)
    shown: list[ShownCall] = field(default_factory=list)
    spoken: list[SpokenAnnouncement] = field(default_factory=list)
    speaking: dict[str, Any] | None = None
    begun_at: datetime | None = None

    @property
    def is_here(self) -> bool:
        """Tell whether its page has a live socket."""
        return self.is_on and self.is_linked

    def lose_power(self) -> None:
        """Forget all: what it was saying is cut off."""
        self.is_on = self.is_hung = False
        self.announced_up_to = None
        self.waiting.clear()
        self.painted.clear()
        self.shown.clear()
        self.spoken.clear()
        self.speaking = self.begun_at = None
        self.board = {}

    def receive(self, text: bytes, now: datetime) -> None:
        """Take a snapshot: paint its calls, keep its announcements."""
        message = json.loads(b"{" + text)
        self.announced_up_to = message["newest_announcement"]
        if self.is_hung:
            return
        self.board = message["data"]
        for call in self.board["calls"]:
            if call["id"] not in self.painted:
                self.painted.add(call["id"])
                self.shown.append(ShownCall(call["id"], now))
        for each in message["announcements"]:
            self.waiting[each["id"]] = each

    def tick(self, now: datetime, *, is_served: bool) -> Utterance | None:
        """Go on speaking, or begin; return what has just been spoken to its end.

        Without a server it begins nothing: it cannot know whether it is to speak.
        """
        if not self.is_on or self.is_hung:
            return None
        ended = self._end(now)
        if self.speaking is None and self.is_here and is_served:
            self._begin(now)
        return ended

    def _end(self, now: datetime) -> Utterance | None:
        if self.speaking is None or self.begun_at is None:
            return None
        if now < self.begun_at + SPEECH:
            return None
        each, begun_at = self.speaking, self.begun_at
        self.spoken.append(SpokenAnnouncement(each["id"], begun_at, now))
        self.speaking = self.begun_at = None
        space = self._space_of(each)
        return Utterance(
            space["id"],
            self.id,
            each["id"],
            each["call_id"],
            each["text"],
            begun_at,
            now,
        )

    def _begin(self, now: datetime) -> None:
        for id_ in sorted(self.waiting):
            each = self.waiting[id_]
            space = self._space_of(each)
            called = space["call_ids"]
            is_over = datetime.fromisoformat(each["expires_at"]) <= now
            if is_over or each["call_id"] not in called:
                del self.waiting[id_]
                continue
            if id_ <= space["last_announcement_id"]:
                del self.waiting[id_]
                continue
            if space["speaker_device_id"] != self.id or self._is_quiet(space, now):
                continue
            del self.waiting[id_]
            self.speaking, self.begun_at = each, now
            self.spoken.append(SpokenAnnouncement(id_, now, None))
            return

    def _space_of(self, announcement: dict[str, Any]) -> dict[str, Any]:
        spaces = self.board["sound_spaces"]
        zone_id = announcement["zone_id"]
        return next(dict(s) for s in spaces if zone_id in s["zone_ids"])

    @staticmethod
    def _is_quiet(space: dict[str, Any], now: datetime) -> bool:
        until = space["quiet_until"]
        return until is not None and datetime.fromisoformat(until) > now

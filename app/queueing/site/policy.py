"""What a site decides for itself: one table of figures with their defaults."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.models import Priority
from app.queueing.site.rates import Rate
from app.queueing.speech import Mode

MAX_SERVICES = 5
"""For how many services one ticket may wait; the contract's, not the site's."""

Minutes = Annotated[int, Field(ge=0, le=240)]
Seconds = Annotated[int, Field(ge=0, le=3600)]
Metres = Annotated[int, Field(ge=5, le=500)]
VoiceName = Literal["espeak", "recorded", "off"]
"""Who speaks in the hall: the quick voice, a mall's own recordings, or nobody."""
SpokenName = Annotated[str, Field(min_length=1, max_length=100)]


class HeadStarts(BaseModel):
    """Minutes by which a priority class counts as having arrived earlier."""

    model_config = ConfigDict(extra="forbid")

    # weighed against what they cost everybody else (fairness.md)
    lansia: Minutes = 20
    disabilitas: Minutes = 20
    hamil: Minutes = 20
    menyusui: Minutes = 20
    # a large part of the hall may come with a child, and waits with company
    anak: Minutes = 10


class Policy(BaseModel):
    """The site's policy, kept as JSON in ``site.policy`` and shown by ``GET /site``."""

    model_config = ConfigDict(extra="forbid")

    recall_cooldown_seconds: Seconds = 3
    no_show_after_calls: Annotated[int, Field(ge=1, le=10)] = 2
    no_show_after_seconds: Seconds = 10
    announcement_seconds: Annotated[int, Field(ge=30, le=600)] = 120
    head_start_minutes: HeadStarts = HeadStarts()
    requeue_after_tickets: Annotated[int, Field(ge=0, le=20)] = 3
    requeue_after_minutes: Minutes = 15
    requeue_grace_minutes: Minutes = 60
    requeues_by_visitor: Annotated[int, Field(ge=0, le=10)] = 1
    undo_minutes: Annotated[int, Field(ge=0, le=240)] = 30
    officers_may_choose: bool = True
    # a longer one may have been forgotten: the officer is asked
    long_pause_minutes: Annotated[int, Field(ge=1, le=240)] = 30
    # a machine off for longer has its date confirmed (decision 0007)
    longest_rest_days: Annotated[int, Field(ge=1, le=90)] = 14
    people_max: Annotated[int, Field(ge=1, le=100)] = 20
    # against a stolen kiosk token: a number is given to a visitor each few seconds
    kiosk_burst_tickets: Annotated[int, Field(ge=1, le=100_000)] = 60
    kiosk_ticket_seconds: Annotated[int, Field(ge=1, le=60)] = 2
    # what is personal goes; the events and figures stay (lesson 14)
    private_days: Annotated[int, Field(ge=2, le=3650)] = 30
    sign_in_days: Annotated[int, Field(ge=2, le=3650)] = 90
    # for printers that cannot tell how much paper is left
    roll_metres_80mm: Metres = 50
    roll_metres_58mm: Metres = 30
    slip_mm: Annotated[int, Field(ge=30, le=1000)] = 160
    roll_warning_percent: Annotated[int, Field(ge=50, le=99)] = 90
    voice: VoiceName = "espeak"
    # digit by digit, as most halls do, or as a value (local-facts.md#the-spoken-call)
    voice_mode: Mode = "digits"
    # how names are said: of an agency, a service or a counter, as they are written
    pronunciations: Annotated[dict[SpokenName, SpokenName], Field(max_length=500)] = {}

    def kiosk_rate(self) -> Rate:
        """Return how often one kiosk may give a number."""
        return Rate(self.kiosk_burst_tickets, float(self.kiosk_ticket_seconds))

    def head_start(self, priority: str) -> int:
        """Return the head start of a priority class, in minutes."""
        if priority == Priority.REGULAR:
            return 0
        return int(getattr(self.head_start_minutes, priority))

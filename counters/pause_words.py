"""Why a counter is paused, and what is due there, in the words of each language.

The texts are marked for the catalogue (``web.po``) and translated in the page.
"""

from app.queueing.site.pauses import PauseReason, PromptKind
from app.web.i18n import N_

PAUSE_REASONS: dict[str, str] = {
    PauseReason.BREAK: N_("Break"),
    PauseReason.MEETING: N_("Meeting"),
    PauseReason.SYSTEM_TROUBLE: N_("System trouble"),
    PauseReason.HOLDER_LEFT: N_("The officer works here no more"),
}
"""Reasons that have a word; any other is the officer's own and stays as it is."""

PROMPTS: dict[str, str] = {
    PromptKind.BREAK_OVER: N_("Not back from the break, over since %(time)s"),
    PromptKind.LONG_PAUSE: N_("A long pause"),
    PromptKind.AFTER_HOURS: N_("Still open; service hours ended at %(time)s"),
}
"""What a supervisor reads of a counter at which something is due."""

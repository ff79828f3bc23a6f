"""From the next slip to the printer's bytes.

What the site says of a service is read once for all its slips, until the site changes.
"""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from app.db.engines import Readers
from app.models.states import PrintReason
from app.printing.letterhead import letterhead_in
from app.printing.next_slip import NextSlip
from app.printing.printers import paper_of
from app.printing.slip_content import (
    ServiceText,
    Translator,
    service_texts,
    slip_data,
    slip_of,
)
from app.queueing.site.site_row import SiteRow
from app.queueing.slips.under_way import SlipContent
from printer.delivery import Delivery
from printer.slips.slip import render_slip

logger = logging.getLogger(__name__)


class SlipRenderer:
    """Makes the bytes of slips, and keeps the texts that many of them share."""

    def __init__(self, readers: Readers, translations: Translator) -> None:
        self._readers, self._translations = readers, translations
        self._site: SiteRow | None = None
        self._texts: dict[int, ServiceText] = {}

    async def bytes_of(self, slip: NextSlip) -> bytes | Delivery:
        """Return a job's bytes, or why there are none."""
        if slip.content is None:
            return not_sent(PrintReason.NO_TICKET)
        try:
            texts = await self._texts_of(slip.site, slip.content.service_ids)
            # a picture takes milliseconds: on a thread, and in no transaction
            data = await asyncio.to_thread(self._render, slip, slip.content, texts)
        except Exception:
            logger.exception("slip not rendered job=%d", slip.job.id)
            return not_sent(PrintReason.NOT_RENDERED)
        return not_sent(PrintReason.NO_TICKET) if data is None else data

    async def _texts_of(
        self, site: SiteRow, service_ids: Sequence[int]
    ) -> list[ServiceText]:
        """Return what slips say of services, read again when the site has changed."""
        # the ledger reads it anew after each change, by whomever
        if self._site is not site:
            self._site, self._texts = site, {}
        texts = self._texts
        missing = [each for each in service_ids if each not in texts]
        if missing:
            read = partial(service_texts, service_ids=missing)
            texts.update(await self._readers.read(read))
        return [texts[service_id] for service_id in service_ids]

    def _render(
        self, slip: NextSlip, content: SlipContent, texts: Sequence[ServiceText]
    ) -> bytes | None:
        data = slip_data(
            content,
            texts,
            site=slip.site,
            ahead=slip.job.ahead,
            letterhead=letterhead_in(self._readers.folder),
        )
        if data is None:
            return None
        words = self._translations(data.language)
        printed = slip_of(data, words, is_copy=slip.job.is_copy)
        return render_slip(printed, paper_of(slip.printer))


def not_sent(reason: PrintReason) -> Delivery:
    """Return the end of a slip of which no byte can be sent."""
    return Delivery(state="failed", reason=reason, nothing_printed=True)

/* What is being spoken: its call is marked on every display of the sound space, and its
   words stand there to be read. */

export class Speaking {
  constructor({ captions, fitting }) {
    Object.assign(this, { captions, fitting, here: null, shown: "", last: 0 });
  }

  /* What this display speaks itself it knows before the server does. */
  begin({ id, call_id, text }) {
    this.here = { announcement_id: id, call_id, text };
  }

  end() {
    this.here = null;
  }

  /* What is spoken, newest last. Of a board that is out of date nothing is. */
  now({ sound_spaces: spaces = null }, isLive) {
    const elsewhere = isLive ? (spaces ?? []).map(({ speaking }) => speaking).filter(Boolean) : [];
    const own = this.here === null ? [] : [this.here];
    return [...elsewhere, ...own].sort((a, b) => a.announcement_id - b.announcement_id);
  }

  mark(pieces, announcements) {
    const ids = new Set(announcements.map(({ call_id }) => String(call_id)));
    for (const piece of pieces) piece.toggleAttribute("data-speaking", ids.has(piece.dataset.id));
  }

  /* The words are in the place that the board has for them: `data-caption` names it. */
  paintCaption(announcements, place, room) {
    const text = announcements.at(-1)?.text ?? "";
    const isNew = this.shown !== `${room} ${text}`;
    this.shown = `${room} ${text}`;
    for (const caption of this.captions) {
      caption.hidden = text === "" || caption.dataset.caption !== place;
      if (caption.hidden || !isNew) continue;
      const words = caption.querySelector("[data-fit]");
      words.textContent = text;
      this.fitting.fitText(words, room);
    }
  }

  /* What began since it was asked last, or null. */
  newest(announcements) {
    const last = announcements.at(-1);
    if (last === undefined || last.announcement_id <= this.last) return null;
    this.last = last.announcement_id;
    return last.text;
  }
}

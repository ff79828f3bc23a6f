/* Which calls stand large and which beside them. It decides about slots on the screen
   only; what is called is the server's to say. Times are milliseconds of one clock. */

/* A call that was announced stands large for at least `span`, even when its visitor
   comes sooner; one that was taken back (in neither list) leaves at once. While all
   slots are filled with such calls, the next ones wait their turn, in order. */
export class Stage {
  constructor({ slots, span }) {
    Object.assign(this, { slots, span, large: [], queued: [] });
  }

  /* Whoever loses a slot before the time is over waits for the next one. */
  resize(slots, now) {
    this.slots = slots;
    const removed = this.large.splice(slots).filter((each) => !this.isOver(each, now));
    this.queued.unshift(...removed.map(({ id }) => id));
  }

  announce(id, now) {
    const call = this.large.find((each) => each.id === id);
    if (call) Object.assign(call, { since: now, swells: call.swells + 1 });
    else if (!this.queued.includes(id)) this.queued.push(id);
  }

  /* Returns the calls that stand large, newest first, and the rest of the board. */
  arrange({ calls, recent }, now) {
    const called = new Map(calls.map((call) => [call.id, call]));
    const byId = new Map([...recent, ...calls].map((call) => [call.id, call]));
    this.queued = this.queued.filter((id) => called.has(id));
    this.large = this.large.filter(
      (each) => called.has(each.id) || (byId.has(each.id) && !this.isOver(each, now)));
    while (this.queued.length > 0 && this.makeRoom(now)) this.add(this.queued.shift(), now);
    this.fillSlots(calls);
    return {
      large: this.large.map(({ id, swells }) => ({ ...byId.get(id), swells })),
      called: calls.filter((call) => !this.isLarge(call.id)),
      before: recent.filter((call) => !this.isLarge(call.id)),
    };
  }

  isLarge(id) {
    return this.large.some((each) => each.id === id);
  }

  isOver({ since }, now) {
    return now - since >= this.span;
  }

  makeRoom(now) {
    if (this.large.length < this.slots) return true;
    const oldest = this.large.findLastIndex((each) => this.isOver(each, now));
    if (oldest >= 0) this.large.splice(oldest, 1);
    return oldest >= 0;
  }

  add(id, now) {
    this.large.unshift({ id, since: now, swells: 1 });
  }

  /* An empty slot shows the newest that is still called, until somebody needs it. */
  fillSlots(calls) {
    for (const { id } of calls) {
      if (this.large.length >= this.slots) return;
      if (this.isLarge(id) || this.queued.includes(id)) continue;
      this.large.push({ id, since: -Infinity, swells: 0 });
    }
  }
}

/* A list that is longer than its page is shown page after page; every page has its time. */
export class Pages {
  constructor({ size, span }) {
    Object.assign(this, { size, span, at: 0, turnedAt: 0 });
  }

  page(all, now) {
    const count = Math.max(1, Math.ceil(all.length / this.size));
    if (now - this.turnedAt >= this.span) {
      Object.assign(this, { at: this.at + 1, turnedAt: now });
    }
    this.at %= count;
    const first = this.at * this.size;
    return { items: all.slice(first, first + this.size), at: this.at + 1, count };
  }
}

/* Pages of calls: who has been out of sight longest comes next, so that a page that lost or
   gained calls hides none of them twice. Turned soon enough that none is hidden for longer
   than `hidden`; `tick` is how late a turn may be. */
export class Rounds {
  constructor({ size, span, hidden, tick }) {
    Object.assign(this, { size, span, hidden, tick, ids: [], turnedAt: -Infinity, at: 0 });
    this.seen = new Map(); // when each was last on the screen
    this.done = new Set(); // whom this round has shown
  }

  /* `elsewhere` are the ids that are on the screen besides this list. */
  page(all, now, elsewhere = []) {
    const count = Math.max(1, Math.ceil(all.length / this.size));
    const ids = all.map(({ id }) => id);
    this.forget([...ids, ...elsewhere]);
    if (count === 1) Object.assign(this, { ids, turnedAt: now, at: 1, done: new Set() });
    else this.turn(ids, now, count);
    for (const id of this.ids) this.done.add(id);
    for (const id of [...this.ids, ...elsewhere]) this.seen.set(id, now);
    const items = all.filter(({ id }) => this.ids.includes(id));
    return { items, at: Math.min(this.at, count), count };
  }

  turn(ids, now, count) {
    // a call may be one page late: those that come meanwhile are shown before it
    const span = Math.min(this.span, this.hidden / count - this.tick);
    const isOver = now - this.turnedAt >= span;
    this.ids = isOver ? [] : this.ids.filter((id) => ids.includes(id)).slice(0, this.size);
    if (isOver) Object.assign(this, { turnedAt: now, at: this.at + 1 });
    if (isOver && this.rest(ids).length === 0) Object.assign(this, { at: 1, done: new Set() });
    this.ids.push(...this.rest(ids).slice(0, this.size - this.ids.length));
  }

  /* Those that this round has not shown yet, the longest hidden first. */
  rest(ids) {
    const since = (id) => this.seen.get(id) ?? -Infinity;
    return ids.filter((id) => !this.done.has(id)).sort((a, b) => since(a) - since(b));
  }

  forget(ids) {
    for (const id of this.seen.keys()) if (!ids.includes(id)) this.seen.delete(id);
    for (const id of this.done) if (!ids.includes(id)) this.done.delete(id);
  }
}

/* So many calls that the column beside the large ones would hide some for too long stand in
   two columns; fewer must be left before they go back, or the screen would jump. */
export function densityOf(count, before, { from, until }) {
  const isDense = count > (before === "dense" ? until : from);
  return isDense ? "dense" : "roomy";
}

/* The lines below: the agencies where somebody waits, and those that give no numbers. Of
   these only where it is not said of all on the stage, and once `words` has theirs.
   `stageReason`: what the stage would say, while a call stands there: {agency_short, closed};
   the page's words, which may be older than the board. */
export function linesOf({ open, reason, until, reception_only, waiting }, words, stageReason = null) {
  const line = (agency, rest) => ({ id: agency.agency_id, agency_short: agency.agency_short, ...rest });
  const busy = waiting.filter((agency) => agency.waiting > 0);
  const shut = waiting.filter((agency) => agency.open === false);
  const isToldByStage = (agency) => !open && agency.reason === reason
    && agency.until === until && agency.reception_only === reception_only;
  const closed = shut.filter((agency) => !isToldByStage(agency) && words.has(agency.agency_id));
  const ofStage = open || stageReason === null ? [] : [{ id: 0, state: "closed", waiting: "", ...stageReason }];
  return {
    busy: busy.map((agency) => line(agency, { state: "waiting", waiting: agency.waiting, closed: "" })),
    closed: [
      ...ofStage,
      ...closed.map((agency) => line(agency, { state: "closed", waiting: "", closed: words.get(agency.agency_id) })),
    ],
  };
}

export function chunks(all, size) {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}

/* Which announcements are still worth a chime: every one that has not expired; of older
   ones, missed while the line was cut, the last of each call that is still called. */
export function announcementsToPlay(announcements, { calls }, serverNow) {
  const called = new Set(calls.map(({ id }) => id));
  const last = new Map(announcements.map(({ id, call_id }) => [call_id, id]));
  return announcements.filter(({ id, call_id, expires_at }) =>
    new Date(expires_at) > serverNow || (called.has(call_id) && last.get(call_id) === id));
}

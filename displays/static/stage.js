/* Which calls stand large and which beside them. It decides about places on the screen
   only; what is called is the server's to say. Times are milliseconds of one clock. */

/* A call that was announced stands large for at least `span`, even when its visitor
   comes sooner; one that was taken back (in neither list) leaves at once. While all
   places are taken by such calls, the next ones wait their turn, in order. */
export class Stage {
  constructor({ places, span }) {
    Object.assign(this, { places, span, standing: [], turn: [] });
  }

  announce(id, now) {
    const there = this.standing.find((each) => each.id === id);
    if (there) Object.assign(there, { since: now, swells: there.swells + 1 });
    else if (!this.turn.includes(id)) this.turn.push(id);
  }

  /* Returns the calls that stand large, newest first, and the rest of the board. */
  arrange({ calls, recent }, now) {
    const called = new Map(calls.map((call) => [call.id, call]));
    const known = new Map([...recent, ...calls].map((call) => [call.id, call]));
    this.turn = this.turn.filter((id) => called.has(id));
    this.standing = this.standing.filter(
      (each) => called.has(each.id) || (known.has(each.id) && !this.isOver(each, now)));
    while (this.turn.length > 0 && this.makeRoom(now)) this.place(this.turn.shift(), now);
    this.fill(calls);
    return {
      large: this.standing.map(({ id, swells }) => ({ ...known.get(id), swells })),
      called: calls.filter((call) => !this.stands(call.id)),
      before: recent.filter((call) => !this.stands(call.id)),
    };
  }

  stands(id) {
    return this.standing.some((each) => each.id === id);
  }

  isOver({ since }, now) {
    return now - since >= this.span;
  }

  makeRoom(now) {
    if (this.standing.length < this.places) return true;
    const oldest = this.standing.findLastIndex((each) => this.isOver(each, now));
    if (oldest >= 0) this.standing.splice(oldest, 1);
    return oldest >= 0;
  }

  place(id, now) {
    this.standing.unshift({ id, since: now, swells: 1 });
  }

  /* An empty place shows the newest that is still called, until somebody needs it. */
  fill(calls) {
    for (const { id } of calls) {
      if (this.standing.length >= this.places) return;
      if (this.stands(id) || this.turn.includes(id)) continue;
      this.standing.push({ id, since: -Infinity, swells: 0 });
    }
  }
}

/* A list that is longer than its place is shown page after page; every page has its time. */
export class Pages {
  constructor({ size, span }) {
    Object.assign(this, { size, span, at: 0, turned: 0 });
  }

  page(all, now) {
    const count = Math.max(1, Math.ceil(all.length / this.size));
    if (now - this.turned >= this.span) {
      Object.assign(this, { at: this.at + 1, turned: now });
    }
    this.at %= count;
    const first = this.at * this.size;
    return { shown: all.slice(first, first + this.size), at: this.at + 1, count };
  }
}

/* Which announcements are still worth a chime: every one that has not expired; of older
   ones, missed while the line was cut, the last of each call that is still called. */
export function worthSaying(announcements, { calls }, serverNow) {
  const called = new Set(calls.map(({ id }) => id));
  const last = new Map(announcements.map(({ id, call_id }) => [call_id, id]));
  return announcements.filter(({ id, call_id, expires_at }) =>
    new Date(expires_at) > serverNow || (called.has(call_id) && last.get(call_id) === id));
}

/* The numbers that were called, for a screen that is read by whoever does not hear them. */

const MOST = 300; // a clock that stands still must not fill the memory

export class History {
  /* `span`: milliseconds for which a number that is no longer called stands here. */
  constructor({ span }) {
    Object.assign(this, { span, calls: new Map() });
  }

  /* Returns them newest first, each "called" or "before". A call that was taken back is gone. */
  follow({ calls, recent }, now) {
    const current = [...calls, ...recent];
    for (const [id, call] of this.calls) {
      if (current.some((each) => each.id === id)) continue;
      if (call.state === "called" && !isFollowed(call, current)) this.calls.delete(id);
      else call.state = "before";
    }
    for (const call of recent) this.calls.set(call.id, { ...call, state: "before" });
    for (const call of calls) this.calls.set(call.id, { ...call, state: "called" });
    for (const [id, call] of this.calls) {
      if (call.state === "before" && now - timeOf(call) > this.span) this.calls.delete(id);
    }
    const all = [...this.calls.values()].sort((a, b) => timeOf(b) - timeOf(a) || b.id - a.id);
    for (const { id } of all.slice(MOST)) this.calls.delete(id);
    return all.slice(0, MOST);
  }
}

/* Its counter has called another since: it was over before the board said so. */
function isFollowed({ id, counter_id }, current) {
  return current.some((each) => each.counter_id === counter_id && each.id > id);
}

function timeOf({ last_called_at }) {
  return new Date(last_called_at).getTime();
}

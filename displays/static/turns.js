/* Whose turn it is to be announced, and whether by this display. It decides from what the
   server says alone: which device speaks in a sound space, what is still called. Times
   are milliseconds of one clock, `serverNow` is a Date. */

const NOBODY_MS = 5000;
const KEPT_MS = 60_000;

/* Each announcement waits here until its turn is over: also on a display that does not
   speak, which is the stand-by of the one that does. */
export class Turns {
  constructor(displayId) {
    Object.assign(this, { displayId, pending: [], newest: null, spaces: null });
    Object.assign(this, { isAlarm: false, called: new Set(), lastOf: new Map(), begun: new Map() });
  }

  add(announcements, now) {
    if (announcements[0].id <= this.newest) this.pending = []; // of a past that was restored
    for (const each of announcements) {
      this.pending.push({ ...each, receivedAt: now });
      this.lastOf.set(each.call_id, each.id);
    }
    this.newest = announcements.at(-1).id;
  }

  /* A board without sound spaces is one of a server that has no voice: each display chimes. */
  follow({ calls, sound_spaces: spaces = null, notice = null }) {
    this.isAlarm = notice?.kind === "evacuation";
    // also of zones of the sound space that this display does not show
    const elsewhere = (spaces ?? []).flatMap(({ call_ids: ids = [] }) => ids);
    this.called = new Set([...calls.map(({ id }) => id), ...elsewhere]);
    for (const id of this.lastOf.keys()) if (!this.called.has(id)) this.lastOf.delete(id);
    this.spaces = spaces;
    for (const space of spaces ?? []) this.followSpace(space);
  }

  /* What is spoken here, or was and then something else is, is over for the stand-by; what
     the speaking device left off in the middle is not. */
  followSpace({ id, zone_ids, speaker_device_id, speaking, last_announcement_id: last = 0 }) {
    this.endUntil(last, zone_ids);
    const before = this.begun.get(id);
    const announcement = speaking?.announcement_id ?? null;
    const isSameSpeaker = before?.speaker === speaker_device_id;
    if (isSameSpeaker && before.announcement !== null && before.announcement !== announcement) {
      this.endUntil(before.announcement, zone_ids);
    }
    if (announcement !== null) this.endUntil(announcement - 1, zone_ids);
    this.begun.set(id, { speaker: speaker_device_id, announcement });
  }

  endUntil(last, zoneIds) {
    this.pending = this.pending.filter(({ id, zone_id }) => id > last || !zoneIds.includes(zone_id));
  }

  /* Returns what this display announces now, or null: {announcement, isSpoken}. */
  next(now, serverNow) {
    this.pending = this.pending.filter((each) =>
      this.isWorth(each, serverNow) && !this.isLeft(each, now));
    for (const announcement of this.pending) {
      const part = this.partIn(announcement, now, serverNow);
      if (part !== "silent") return { announcement, isSpoken: part === "voice" };
    }
    return null;
  }

  /* Only what is still called; of what is late, the last of each call. What is of no call
     has its own time. */
  isWorth({ id, call_id, expires_at }, serverNow) {
    if (call_id === null) return new Date(expires_at) > serverNow;
    if (!this.called.has(call_id)) return false;
    return new Date(expires_at) > serverNow || this.lastOf.get(call_id) === id;
  }

  /* Another device had its time for it. */
  isLeft({ zone_id, receivedAt }, now) {
    const speaker = this.spaceOf(zone_id)?.speaker_device_id ?? this.displayId;
    return speaker !== this.displayId && now - receivedAt > KEPT_MS;
  }

  /* "voice", "chime" or "silent". Where no device is to speak, a chime is better than nothing. */
  partIn({ call_id, zone_id, receivedAt }, now, serverNow) {
    if (this.isAlarm && call_id !== null) return "silent";
    if (this.spaces === null) return "chime";
    const space = this.spaceOf(zone_id);
    if (!space) return "chime";
    if (call_id !== null && space.quiet_until && new Date(space.quiet_until) > serverNow) return "silent";
    if (space.speaker_device_id === this.displayId) return "voice";
    const isNobody = space.speaker_device_id === null && now - receivedAt >= NOBODY_MS;
    return isNobody ? "chime" : "silent";
  }

  spaceOf(zoneId) {
    return this.spaces?.find(({ zone_ids }) => zone_ids.includes(zoneId));
  }

  isCalled({ call_id }) {
    return call_id === null || (this.called.has(call_id) && !this.isAlarm);
  }

  end(id) {
    this.pending = this.pending.filter((each) => each.id !== id);
  }

  /* The announcement after which a page that is loaded anew goes on. */
  get resumeAfter() {
    return this.pending.length > 0 ? this.pending[0].id - 1 : this.newest;
  }
}

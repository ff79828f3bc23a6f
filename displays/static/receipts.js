/* What this display reports: which calls it has painted, what it has spoken, whether it may
   make sound. One request at a time; what could not be sent is kept and sent later. */

const TURN_MS = 100;
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 5000;
const MOST_KEPT = 500;
const MOST_AT_ONCE = 200;
/* Refused for good: of a call that this display was not sent, or not in its turn. */
const REFUSALS = [400, 403, 404, 422];

export class Receipts {
  /* `send(body)` rejects with a Problem (api.js) when it is refused or not answered. */
  constructor(send) {
    Object.assign(this, { send, kept: [], inFlight: [], shownIds: new Set(), isSending: false, timer: null });
    this.retry = MIN_RETRY_MS;
  }

  /* Painted at a time of the server's; a call is reported once. */
  shown(callIds, at) {
    for (const call_id of callIds) {
      if (this.shownIds.has(call_id)) continue;
      this.shownIds.add(call_id);
      this.add({ shown: { call_id, at } });
    }
  }

  isShown(callId) {
    return this.shownIds.has(callId);
  }

  /* Those that are no longer called are not painted again. */
  forgetShown(called) {
    for (const id of this.shownIds) if (!called.has(id)) this.shownIds.delete(id);
  }

  /* Who could not yet say that it began says at once that it has ended. */
  spoken(announcement_id, { from, to }) {
    this.replace(({ spoken }) => spoken?.announcement_id === announcement_id);
    this.add({ spoken: { announcement_id, from, to } }, 0); // the server waits for it
  }

  sound(isAudible) {
    this.replace(({ sound }) => sound !== undefined);
    this.add({ sound: isAudible });
  }

  replace(isOlder) {
    this.kept = this.kept.filter((each) => !isOlder(each) || this.inFlight.includes(each));
  }

  add(receipt, within = TURN_MS) {
    this.kept.push(receipt);
    if (this.kept.length > MOST_KEPT) this.kept.shift();
    this.later(within);
  }

  later(milliseconds) {
    if (this.isSending || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.flush();
    }, milliseconds);
  }

  async flush() {
    this.isSending = true;
    const batch = this.kept.slice(0, MOST_AT_ONCE);
    const isAnswered = await this.post(batch);
    this.isSending = false;
    this.retry = isAnswered ? MIN_RETRY_MS : Math.min(2 * this.retry, MAX_RETRY_MS);
    if (this.kept.length > 0) this.later(isAnswered ? TURN_MS : this.retry);
  }

  /* Of a refused batch each receipt is sent alone: one that is refused spoils no other. */
  async post(batch) {
    this.inFlight = batch;
    const status = await this.send(bodyOf(batch)).then(() => 200, (problem) => problem.status ?? 0);
    this.inFlight = [];
    const isRefused = REFUSALS.includes(status);
    if (status !== 200 && !isRefused) return false;
    if (!isRefused || batch.length === 1) {
      this.kept = this.kept.filter((each) => !batch.includes(each));
      return true;
    }
    for (const receipt of batch) if (!await this.post([receipt])) return false;
    return true;
  }
}

function bodyOf(batch) {
  const body = { shown: [], spoken: [] };
  for (const { shown, spoken, sound } of batch) {
    if (shown) body.shown.push(shown);
    if (spoken) body.spoken.push(spoken);
    if (sound !== undefined) body.sound = sound;
  }
  return body;
}

/* One command at a time, each done once however often it has to be sent.

   The key belongs to the state that is shown: a second press while the first is under
   way sends nothing, and every answer ends the key. While nobody knows whether it
   was done (no answer, or "not saved, ask again") the same key and body are repeated. */

import { newKey, post } from "/static/web/api.js";

const SLOW_MS = 1000;
const MIN_RETRY_MS = 400;
const MAX_RETRY_MS = 1200;
const RETRY_STATUSES = new Set([502, 503, 504]);

export class Sender {
  constructor(onState) {
    this.onState = onState;
    this.key = newKey();
    this.busy = false;
  }

  /* Returns the answer, or throws the Problem that refused it. */
  async send(path, body) {
    this.busy = true;
    this.onState("sending");
    try {
      return await this.untilAnswered(path, body);
    } finally {
      this.key = newKey();
      this.busy = false;
      this.onState("answered");
    }
  }

  async untilAnswered(path, body) {
    const slow = setTimeout(() => this.onState("slow"), SLOW_MS);
    try {
      for (;;) {
        const sent = await this.once(path, body);
        if ("answer" in sent) return sent.answer;
        clearTimeout(slow);
        this.onState("unsent");
        await pause();
      }
    } finally {
      clearTimeout(slow);
    }
  }

  async once(path, body) {
    try {
      return { answer: await post(path, body, { key: this.key }) };
    } catch (problem) {
      if (problem.unanswered || RETRY_STATUSES.has(problem.status)) return {};
      throw problem;
    }
  }
}

function pause() {
  const milliseconds = MIN_RETRY_MS + Math.random() * (MAX_RETRY_MS - MIN_RETRY_MS);
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/* The words of a pause, and what is asked when it is over: the server says which. */

import { clockTime } from "/static/web/time.js";
import { hasWord, word } from "/static/web/words.js";

/* A reason is one that every language has a word for, or the officer's own words. */
export function reasonText(reason) {
  return hasWord(`pause-${reason}`) ? word(`pause-${reason}`) : reason;
}

/* What the counter does, in a few words: `Istirahat sampai 13.00`. */
export function pauseText({ pause, prompt }) {
  if (prompt && prompt.kind !== "after-hours") return word(`state-${prompt.kind}`);
  if (pause?.until) return word("state-break", { time: clockTime(pause.until) });
  return word("state-paused");
}

export function pauseReason({ pause, prompt }) {
  if (!pause?.reason) return word("rest-paused-plain");
  if (pause.until && !prompt) return word("rest-break", { time: clockTime(pause.until) });
  return word("rest-paused", { reason: reasonText(pause.reason) });
}

/* What the officer is asked, with the key that answers; null when nothing is due. */
export function promptText({ prompt, pause }, waiting) {
  if (!prompt) return null;
  const isWaiting = prompt.kind === "after-hours" && waiting > 0;
  const time = clockTime(prompt.kind === "long-pause" ? pause.since : prompt.since);
  return word(`prompt-${prompt.kind}${isWaiting ? "-waiting" : ""}`, { time, count: waiting });
}

/* Puts refusals into words: of the server, and of a key that does nothing now. */

import { counted, word } from "/static/web/words.js";

export function sayRefused(told, { code, body, retryAfterSeconds }) {
  const { title, advice, calls_missing: missing } = body;
  if (missing) return told.say("warning", title, counted("calls-missing", missing));
  const seconds = code === "too-early" ? retryAfterSeconds : 0;
  told.say(seconds ? "warning" : "danger", title, advice, { seconds, afterwards: seconds ? word("now-allowed") : null });
}

/* A key or a touch that does nothing now says so, and what would do something. */
export function sayNotNow(told, button, places) {
  const able = places.flatMap((place) => [...place.querySelectorAll("[data-when]:is(button)")]).filter(isAble);
  const first = able.filter((other) => other.classList.contains("action--leads"));
  const named = [...new Set([...first, ...able])].map(keyAndLabel).join(" · ");
  told.say("info", word("not-now", { command: label(button) }), named ? word("possible", { commands: named }) : "");
}

function isAble(button) {
  return button.checkVisibility() && button.getAttribute("aria-disabled") !== "true";
}

function keyAndLabel(button) {
  const cap = button.querySelector(".cap")?.textContent;
  return cap ? `${cap} ${label(button)}` : label(button);
}

function label(button) {
  return button.querySelector(".action__label").textContent.replace("…", "");
}

/* Puts refusals into words: of the server, and of a key that does nothing now. */

import { counted, word } from "/static/web/words.js";

export function showRefusal(notice, { code, body, retryAfterSeconds }) {
  const { title, advice, calls_missing: missing } = body;
  if (missing) return notice.show("warning", title, counted("calls-missing", missing));
  const seconds = code === "too-early" ? retryAfterSeconds : 0;
  notice.show(seconds ? "warning" : "danger", title, advice, { seconds, afterwards: seconds ? word("now-allowed") : null });
}

/* A key or a touch that does nothing now says so, and what would do something. */
export function showNotNow(notice, button, scopes) {
  const enabled = scopes.flatMap((scope) => [...scope.querySelectorAll("[data-when]:is(button)")]).filter(isEnabled);
  const first = enabled.filter((other) => other.classList.contains("action--leads"));
  const commands = [...new Set([...first, ...enabled])].map(keyAndLabel).join(" · ");
  notice.show("info", word("not-now", { command: unquoted(label(button)) }), commands ? word("possible", { commands: commands }) : "");
}

function isEnabled(button) {
  return button.checkVisibility() && button.getAttribute("aria-disabled") !== "true";
}

function keyAndLabel(button) {
  const cap = button.querySelector(".cap")?.textContent;
  return cap ? `${cap} ${label(button)}` : label(button);
}

/* What a visitor says stands in quotes on its button; the sentence sets its own. */
function unquoted(text) {
  return text.replace(/^“(.*)”$/, "$1");
}

function label(button) {
  return button.querySelector(".action__label").textContent.replace("…", "");
}

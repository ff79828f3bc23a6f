/* Paints who was set aside, in the server's order, and whose reminder is due. */

import { fact } from "/static/web/facts.js";
import { clockTime, since } from "/static/web/time.js";
import { serviceName } from "/static/counters/view.js";
import { piece, word } from "/static/web/words.js";

const place = document.querySelector("[data-aside]");
const list = place.querySelector("[data-aside-list]");

export function paintAside(view) {
  place.hidden = view.aside.length === 0;
  place.querySelector("[data-aside-count]").textContent = view.aside.length;
  list.replaceChildren(...view.aside.map((entry) => row(view, entry)));
  tellDue();
}

function row(view, entry) {
  const made = piece("piece-row");
  made.querySelector("[data-entry]").dataset.entry = entry.entry_id;
  made.querySelector("[data-number]").textContent = entry.number;
  made.querySelector("[data-service]").textContent = serviceName(view, entry.service_id) ?? entry.service;
  made.querySelector("[data-minutes]").dataset.since = entry.set_aside_at;
  made.querySelector("[data-facts]").append(...facts(entry));
  if (entry.remind_at) made.firstElementChild.dataset.remind = entry.remind_at;
  return made;
}

function facts({ state, is_mine, reason, remind_at }) {
  if (state !== "parked") return [fact("absent")];
  const found = [fact("parked", word(is_mine ? "parked-here" : "parked-elsewhere"))];
  if (reason) found.push(fact("reason", reason));
  if (remind_at) found.push(fact("remind", word("remind", { time: clockTime(remind_at) })));
  return found;
}

/* A reminder comes due between two messages of the server, so the clock is asked. */
export function tellDue() {
  for (const reminded of list.querySelectorAll("[data-remind]")) {
    const isDue = since(reminded.dataset.remind) > 0;
    if (isDue === reminded.classList.contains("row-in-line--due")) continue;
    reminded.classList.toggle("row-in-line--due", isDue);
    const text = reminded.querySelector(".fact--remind [data-text]");
    text.textContent = word(isDue ? "remind-due" : "remind", { time: clockTime(reminded.dataset.remind) });
  }
}

/* Paints who was set aside, in the server's order, and whose reminder is due. */

import { fact } from "/static/web/facts.js";
import { clockTime, since } from "/static/web/time.js";
import { serviceName } from "/static/counters/view.js";
import { piece, word } from "/static/web/words.js";

const panel = document.querySelector("[data-aside]");
const list = panel.querySelector("[data-aside-list]");

export function paintAside(view) {
  panel.hidden = view.aside.length === 0;
  panel.querySelector("[data-aside-count]").textContent = view.aside.length;
  list.replaceChildren(...view.aside.map((entry) => row(view, entry)));
  updateReminders();
}

function row(view, entry) {
  const fragment = piece("piece-row");
  fragment.querySelector("[data-entry]").dataset.entry = entry.entry_id;
  fragment.querySelector("[data-number]").textContent = entry.number;
  fragment.querySelector("[data-service]").textContent = serviceName(view, entry.service_id) ?? entry.service;
  fragment.querySelector("[data-minutes]").dataset.since = entry.set_aside_at;
  fragment.querySelector("[data-facts]").append(...facts(entry));
  if (entry.remind_at) fragment.firstElementChild.dataset.remind = entry.remind_at;
  return fragment;
}

function facts({ state, is_mine, reason, remind_at }) {
  if (state !== "parked") return [fact("absent")];
  const result = [fact("parked", word(is_mine ? "parked-here" : "parked-elsewhere"))];
  if (reason) result.push(fact("reason", reason));
  if (remind_at) result.push(fact("remind", word("remind", { time: clockTime(remind_at) })));
  return result;
}

/* A reminder comes due between two messages of the server, so the clock decides. */
export function updateReminders() {
  for (const item of list.querySelectorAll("[data-remind]")) {
    const isDue = since(item.dataset.remind) > 0;
    if (isDue === item.classList.contains("row-in-line--due")) continue;
    item.classList.toggle("row-in-line--due", isDue);
    const text = item.querySelector(".fact--remind [data-text]");
    text.textContent = word(isDue ? "remind-due" : "remind", { time: clockTime(item.dataset.remind) });
  }
}

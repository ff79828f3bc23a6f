/* Paints who waits, in the order that the server gave, and how the connection is. */

import { fact, peopleAndNeeds } from "/static/web/facts.js";
import { exactTime, minutesSince } from "/static/web/time.js";
import { serviceName } from "/static/counters/view.js";
import { piece, word } from "/static/web/words.js";

const place = document.querySelector("[data-line]");
const BUSIEST = 3;
const find = (name) => place.querySelector(`[data-${name}]`);

export function paintLine(view) {
  find("waiting").textContent = view.waiting;
  find("services").replaceChildren(...sums(view));
  find("list").replaceChildren(...view.line.map((entry) => row(view, entry)));
  find("empty").hidden = view.waiting > 0;
  const hidden = view.waiting - view.line.length;
  find("more").hidden = hidden <= 0;
  find("more").textContent = word("more", { count: hidden });
}

/* The busiest services; the others, however many, are one sum. */
function sums(view) {
  const busy = view.services.filter(({ waiting }) => waiting > 0).sort((one, other) => other.waiting - one.waiting);
  const found = busy.slice(0, BUSIEST).map(({ service_id, waiting }) => sum(serviceName(view, service_id), waiting));
  const others = busy.slice(BUSIEST).reduce((total, { waiting }) => total + waiting, 0);
  return others > 0 ? [...found, sum(word("other-services"), others)] : found;
}

function sum(name, waiting) {
  const made = piece("piece-service");
  made.querySelector("[data-count]").textContent = waiting;
  made.querySelector("[data-name]").textContent = name;
  return made;
}

function row(view, entry) {
  const made = piece("piece-row");
  made.querySelector("[data-entry]").dataset.entry = entry.entry_id;
  made.querySelector("[data-number]").textContent = entry.number;
  made.querySelector("[data-service]").textContent = serviceName(view, entry.service_id) ?? entry.service;
  made.querySelector("[data-minutes]").dataset.since = entry.arrived_at;
  const needs = peopleAndNeeds(entry);
  if (entry.is_elsewhere) needs.push(fact("elsewhere"));
  made.querySelector("[data-facts]").append(...needs);
  made.firstElementChild.classList.toggle("row-in-line--elsewhere", entry.is_elsewhere);
  tellMinutes(made);
  return made;
}

export function tellMinutes(within = place) {
  for (const cell of within.querySelectorAll("[data-since]")) {
    const said = word("minutes", { minutes: minutesSince(cell.dataset.since) });
    if (cell.textContent !== said) cell.textContent = said;
  }
}

export function paintConnection({ state, at }) {
  const badge = document.querySelector("[data-line-badge]");
  badge.dataset.state = state;
  const said = word(`line-${state}`);
  const place = badge.querySelector("[data-line-word]");
  if (place.textContent !== said) place.textContent = said;
  const isStale = state === "stale" || state === "refused";
  find("stale").hidden = !isStale;
  if (isStale) find("stale-word").textContent = word("stale-since", { time: exactTime(at) });
}

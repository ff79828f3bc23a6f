/* Paints who waits, in the order that the server gave, and how the connection is. */

import { fact, peopleAndNeeds } from "/static/web/facts.js";
import { exactTime, minutesSince } from "/static/web/time.js";
import { serviceName } from "/static/counters/view.js";
import { piece, word } from "/static/web/words.js";

const panel = document.querySelector("[data-line]");
const MAX_BUSIEST = 3;
const find = (name) => panel.querySelector(`[data-${name}]`);

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
  const busiest = busy.slice(0, MAX_BUSIEST).map(({ service_id, waiting }) => sum(serviceName(view, service_id), waiting));
  const others = busy.slice(MAX_BUSIEST).reduce((total, { waiting }) => total + waiting, 0);
  return others > 0 ? [...busiest, sum(word("other-services"), others)] : busiest;
}

function sum(name, waiting) {
  const fragment = piece("piece-service");
  fragment.querySelector("[data-count]").textContent = waiting;
  fragment.querySelector("[data-name]").textContent = name;
  return fragment;
}

function row(view, entry) {
  const fragment = piece("piece-row");
  fragment.querySelector("[data-entry]").dataset.entry = entry.entry_id;
  fragment.querySelector("[data-number]").textContent = entry.number;
  fragment.querySelector("[data-service]").textContent = serviceName(view, entry.service_id) ?? entry.service;
  fragment.querySelector("[data-minutes]").dataset.since = entry.arrived_at;
  const needs = peopleAndNeeds(entry);
  if (entry.is_elsewhere) needs.push(fact("elsewhere"));
  fragment.querySelector("[data-facts]").append(...needs);
  fragment.firstElementChild.classList.toggle("row-in-line--elsewhere", entry.is_elsewhere);
  updateMinutes(fragment);
  return fragment;
}

export function updateMinutes(within = panel) {
  for (const cell of within.querySelectorAll("[data-since]")) {
    const text = word("minutes", { minutes: minutesSince(cell.dataset.since) });
    if (cell.textContent !== text) cell.textContent = text;
  }
}

export function paintConnection({ state, at }) {
  const badge = document.querySelector("[data-connection]");
  badge.dataset.state = state;
  const text = word(`connection-${state}`);
  const panel = badge.querySelector("[data-connection-text]");
  if (panel.textContent !== text) panel.textContent = text;
  const isStale = state === "stale" || state === "refused";
  find("stale").hidden = !isStale;
  if (isStale) find("stale-word").textContent = word("stale-since", { time: exactTime(at) });
}

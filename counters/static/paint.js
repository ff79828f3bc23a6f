/* Paints the counter and whoever is called or served there; text only, never HTML. */

import { fact, listItem, peopleAndNeeds } from "/static/web/facts.js";
import { updateButtons } from "/static/web/commands/buttons.js";
import { clockTime, setClock, since, stopwatch } from "/static/web/time.js";
import { piece, word } from "/static/web/words.js";
import { serviceName } from "/static/counters/view.js";

const header = document.querySelector(".top");
const visitor = document.querySelector("[data-visitor]");
const find = (name, within = visitor) => within.querySelector(`[data-${name}]`);
const timer = find("timer");

export { setClock };

export function paintCounter(view, state, me) {
  const { counter, day } = view;
  const stateWord = word(`counter-${counter.state}`);
  const isOthers = counter.holder !== null && counter.holder.id !== me.id;
  const name = counter.holder?.name ?? "";
  find("counter-state", header).textContent = isOthers ? word("held-by", { state: stateWord, name }) : stateWord;
  find("counter-state", header).dataset.state = counter.state;
  find("served", header).textContent = day.served;
  find("no-show", header).textContent = day.no_show;
  find("still-open", header).hidden = counter.holder?.id !== me.id;
  updateButtons(state);
}

export function paintVisitor(view, state) {
  const ticket = state === "closed" ? null : view.counter.ticket;
  visitor.dataset.state = state;
  find("state-word").textContent = word(`state-${state}`);
  find("service").textContent = ticket ? serviceName(view, ticket.service_id) ?? word("other-service") : "";
  setText(find("number"), ticket?.number);
  setText(find("rest"), ticket ? null : rest(view, state));
  find("facts").replaceChildren(...(ticket ? facts(view, ticket) : []).map(listItem));
  paintTimer(view, ticket);
  for (const element of document.querySelectorAll("[data-of-service]")) {
    element.hidden = Number(element.dataset.ofService) !== ticket?.service_id;
  }
  document.title = [ticket?.number, view.counter.name].filter(Boolean).join(" · ");
}

function rest({ counter, waiting }, state) {
  if (state === "taken") return word("rest-taken", { name: counter.holder.name });
  if (state === "paused" && !counter.paused_reason) return word("rest-paused-plain");
  if (state === "idle" && waiting === 0) return word("rest-idle-empty");
  return word(`rest-${state}`, { count: waiting, reason: counter.paused_reason });
}

function facts(view, ticket) {
  const result = peopleAndNeeds(ticket);
  if (ticket.note) result.unshift(fact("note", word("note", { text: ticket.note })));
  if (ticket.call_count > 1) result.push(fact("calls", word("calls", { count: ticket.call_count })));
  result.push(fact("clock", word("arrived", { time: clockTime(ticket.issued_at) })));
  const others = ticket.entries.filter((entry) => entry.state !== ticket.state || entry.service_id !== ticket.service_id);
  return [...result, ...others.map((entry) => fact("entry", entryText(view, entry)))];
}

function entryText(view, entry) {
  const service = serviceName(view, entry.service_id) ?? word("other-service");
  const values = { service, state: word(`entry-${entry.state}`) };
  return entry.ended_at ? word("entry-at", { ...values, time: clockTime(entry.ended_at) }) : word("entry", values);
}

function paintTimer(view, ticket) {
  const start = ticket?.started_at ?? ticket?.called_at ?? null;
  timer.hidden = start === null;
  if (start === null) return;
  timer.dataset.start = start;
  find("since").textContent = word(ticket.started_at ? "since-started" : "since-called");
  const service = view.services.find(({ service_id }) => service_id === ticket.service_id);
  timer.dataset.minutes = ticket.started_at ? service?.standard_minutes ?? "" : "";
  tick();
}

/* Once a second. */
export function tick() {
  if (timer.hidden) return;
  const { start, minutes } = timer.dataset;
  const isOver = minutes !== "" && since(start) > Number(minutes) * 60_000;
  find("figure").textContent = stopwatch(start);
  timer.classList.toggle("timer--over", isOver);
  setText(find("standard"), minutes === "" ? null : word(isOver ? "standard-over" : "standard", { minutes }));
}

function setText(element, text) {
  element.textContent = text ?? "";
  element.hidden = !text;
}

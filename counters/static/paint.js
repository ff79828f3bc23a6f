/* Paints the counter and whoever is called or served there; text only, never HTML. */

import { fact, listItem, peopleAndNeeds } from "/static/web/facts.js";
import { updateButtons } from "/static/web/commands/buttons.js";
import { clockTime, setClock, since, stopwatch } from "/static/web/time.js";
import { piece, word } from "/static/web/words.js";
import { pauseReason, pauseText, promptText } from "/static/counters/pause/words.js";
import { serviceName } from "/static/counters/view.js";

const header = document.querySelector(".top");
const visitor = document.querySelector("[data-visitor]");
const find = (name, within = visitor) => within.querySelector(`[data-${name}]`);
const timer = find("timer");

export { setClock };

export function paintCounter(view, state, me) {
  const { counter, day } = view;
  const isPaused = counter.state === "paused";
  const stateWord = isPaused ? pauseText(counter) : word(`counter-${counter.state}`);
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
  find("state-word").textContent = state === "paused" ? pauseText(view.counter) : word(`state-${state}`);
  find("service").textContent = ticket ? serviceName(view, ticket.service_id) ?? word("other-service") : "";
  setText(find("number"), ticket?.number);
  setText(find("rest"), ticket ? null : rest(view, state));
  paintPrompt(ticket || state === "taken" ? null : promptText(view.counter, view.waiting));
  find("facts").replaceChildren(...(ticket ? facts(view, ticket) : []).map(listItem));
  paintTimer(view, ticket);
  for (const element of document.querySelectorAll("[data-of-service]")) {
    element.hidden = Number(element.dataset.ofService) !== ticket?.service_id;
  }
  const due = visitor.dataset.due === "true" ? find("state-word").textContent : null;
  document.title = [due, ticket?.number, view.counter.name].filter(Boolean).join(" · ");
}

/* Said once where it is spoken: only new words are put in. */
function paintPrompt(text) {
  const prompt = find("prompt");
  visitor.dataset.due = String(text !== null);
  prompt.hidden = text === null;
  const words = prompt.querySelector("[data-prompt-text]");
  if (words.textContent !== (text ?? "")) words.textContent = text ?? "";
}

function rest({ counter, waiting }, state) {
  if (state === "taken") return word("rest-taken", { name: counter.holder.name });
  const isBack = state === "idle" || counter.prompt?.kind === "break-over";
  if (isBack) return waiting === 0 ? word("rest-idle-empty") : word("rest-idle", { count: waiting });
  return state === "paused" ? pauseReason(counter) : word(`rest-${state}`);
}

function facts(view, ticket) {
  const result = peopleAndNeeds(ticket);
  if (ticket.note) result.unshift(fact("note", word("note", { text: ticket.note })));
  // of the call that stands there: it is old news once the visitor is here
  if (view.receipt && ticket.state === "called") result.unshift(fact("receipt", word(`receipt-${view.receipt.state}`)));
  const { pause } = view.counter;
  if (pause) result.unshift(fact("pause", pauseText({ pause })));
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

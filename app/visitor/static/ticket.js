/* The ticket's page: shows each newer state in the words that stand in the page, calls
   with sound and vibration if the visitor turned them on, cancels. It computes nothing of the queue. */

import { live } from "/static/web/live.js";
import { Parts } from "/static/web/parts.js";
import { get, newKey, post } from "/static/web/api.js";

const POLL_MS = 10000;
const MINUTE_MS = 60000;
const VIBRATION = [500, 200, 500, 200, 900];

const pageData = document.querySelector("script[data-page]").dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const all = (scope, name) => [...scope.querySelectorAll(`[data-${name}]`)];
const token = location.pathname.split("/").at(-1);
const clock = new Intl.DateTimeFormat(
  pageData.locale, { hour: "2-digit", minute: "2-digit", timeZone: pageData.zone });

const alarm = find("alarm");
const dialog = find("confirm-dialog");
const parts = new Parts(servingOf(JSON.parse(pageData.shown)));
let visit = null;
let clockOffset = new Date(pageData.now) - Date.now();
let calls = Number(pageData.calls);
let calledTo = null;
let version = 0;
let key = null;
let polling = null;

/* For what the page's words about opening and coming back were made; on another day they
   are others. */
function servingOf({ now, legs }) {
  const entries = legs.map(({ entry, serving, counters_open, counters_paused, comes_back_until }) =>
    [entry.id, entry.state, serving, counters_open > 0, counters_paused > 0, comes_back_until]);
  return JSON.stringify([new Date(now).toDateString(), entries]);
}

function show(ticket) {
  if (ticket.version < version) return;
  version = ticket.version;
  const now = find("ticket");
  now.dataset.state = ticket.state;
  showWords(now, ticket);
  all(document, "scripted").forEach((part) => showState(part, ticket.state));
  // words that the server composes may be those of the state before: follow() announces
  if (visibleParts(now).length === 0) announce();
  if (!ticket.entries.every(showEntry)) location.reload();
  ring(ticket.state === "called" ? ticket.call_count : 0, ticket.counter_id);
}

/* A transfer brings an entry that this page has no words for. */
function showEntry(entry) {
  const element = find(`entry="${entry.id}"`);
  if (element === null) return false;
  element.dataset.state = entry.state;
  showWords(element, entry);
  return true;
}

function showWords(scope, { state, place, counter_id, waiting_ahead }) {
  showState(scope, state);
  const zone = find(`counter="${counter_id}"`)?.textContent ?? "";
  for (const part of all(scope, "place")) part.textContent = place ?? "";
  for (const part of all(scope, "zone")) part.textContent = zone;
  for (const part of all(scope, "count")) part.textContent = waiting_ahead ?? "";
  const many = { 0: "next", 1: "one" }[waiting_ahead] ?? "many";
  for (const part of all(scope, "ahead")) part.hidden = part.dataset.ahead !== many;
}

function showState(scope, state) {
  for (const part of all(scope, "when")) part.hidden = !part.dataset.when.split(" ").includes(state);
}

const visibleParts = (scope) => all(scope, "part").filter((part) => part.closest("[hidden]") === null);

/* What the eye reads, once it is composed for this state. */
async function follow(wanted) {
  await parts.follow(wanted);
  if (parts.shown === wanted) announce();
}

/* A screen reader speaks the new words once, and not the whole ticket again. */
function announce() {
  const words = find("words").innerText.replace(/\s+/g, " ").trim();
  const announcement = find("announcement");
  if (announcement.textContent !== words) announcement.textContent = words;
}

/* Also when another counter has taken the call over: the way is another one. */
function ring(count, counter) {
  const isElsewhere = calledTo !== null && counter !== calledTo;
  const isNew = count > calls || (count > 0 && isElsewhere);
  calls = count;
  calledTo = count > 0 ? counter : null;
  if (!isNew) return;
  scrollTo(0, 0);
  if (alarm.getAttribute("aria-pressed") === "true") sound(VIBRATION);
}

function sound(pattern) {
  navigator.vibrate?.(pattern);
  find("chime").play().catch(() => {}); // the words and the vibration remain
}

alarm.addEventListener("click", () => {
  const on = alarm.getAttribute("aria-pressed") !== "true";
  alarm.setAttribute("aria-pressed", on);
  for (const part of all(alarm, "pressed")) part.hidden = part.dataset.pressed !== String(on);
  if (on) sound([200]); // a phone lets a page sound later only if it did at a touch
});

find("cancel").addEventListener("click", () => {
  key = newKey();
  find("refused").hidden = true;
  dialog.showModal();
});
/* The buttons come and go with their part. */
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-back]");
  if (button === null) return;
  button.disabled = true;
  find("back-refused").hidden = true;
  try {
    show(await post(`/tickets/${token}/requeue`, { entry_id: Number(button.dataset.back) }, { key: newKey() }));
  } catch (problem) {
    if (problem.body.ticket) show(problem.body.ticket);
    find("back-why").textContent = problem.unanswered
      ? pageData.unanswered : `${problem.body.title}. ${problem.body.advice}`;
    find("back-refused").hidden = false;
  } finally {
    button.disabled = false;
  }
});

find("keep").addEventListener("click", () => dialog.close());
find("confirm").addEventListener("click", async ({ currentTarget: button }) => {
  button.disabled = true;
  try {
    show(await post(`/tickets/${token}/cancel`, {}, { key }));
    dialog.close();
  } catch (problem) {
    if (problem.body.ticket) show(problem.body.ticket);
    if (!problem.unanswered) key = newKey();
    find("refused-why").textContent = problem.unanswered
      ? pageData.unanswered : `${problem.body.title}. ${problem.body.advice}`;
    find("refused").hidden = false;
  } finally {
    button.disabled = false;
  }
});

async function poll() {
  try {
    const ticket = await get(`/tickets/${token}`);
    show(ticket);
    find("lost").hidden = true;
    follow(`version ${ticket.version}, minute ${Math.floor(Date.now() / MINUTE_MS)}`);
  } catch (problem) {
    if (problem.status === 404) location.reload();
    find("lost").hidden = false;
  }
}

/* Some networks let no socket through; asking works there too. */
function onConnection({ state, at }) {
  if (at !== null) clockOffset = at - Date.now();
  if (state === "live") {
    find("lost").hidden = true;
    clearInterval(polling);
    polling = null;
    if (visit !== null) follow(servingOf(visit));
  } else if (state !== "connecting" && polling === null) {
    find("lost-at").textContent = clock.format(at ?? Date.now() + clockOffset);
    find("lost").hidden = false;
    polling = setInterval(poll, POLL_MS);
    poll();
  }
}

function onSnapshot(data) {
  visit = data;
  show(visit.ticket);
}

find("scripted").hidden = false;
live({ topic: `ticket:${token}`, onSnapshot, onState: onConnection });

/* The console: paints what the server sends, sends what the officer presses. */

import { get } from "/static/web/api.js";
import { listen } from "/static/web/commands/keys.js";
import { live } from "/static/web/live.js";
import { isMenuOpen } from "/static/web/commands/menu.js";
import { Panels } from "/static/web/commands/panels.js";
import { showNotNow, showRefusal } from "/static/web/commands/refusals.js";
import { Sender } from "/static/web/commands/sender.js";
import { Notice } from "/static/web/commands/notice.js";
import { word } from "/static/web/words.js";
import { paintAside, updateReminders } from "/static/counters/aside.js";
import { paintClosing } from "/static/counters/closing.js";
import { Reminder } from "/static/counters/pause/reminder.js";
import { Selection } from "/static/counters/selection.js";
import { commandRequest, numberOf } from "/static/counters/commands.js";
import { paintConnection, paintLine, updateMinutes } from "/static/counters/line.js";
import { paintCounter, paintVisitor, setClock, tick } from "/static/counters/paint.js";
import { showResult } from "/static/counters/results.js";
import { showServices } from "/static/counters/transfer.js";
import { viewAfter, viewAfterRefusal, stateOf } from "/static/counters/view.js";

const { dataset } = document.querySelector("[data-console]");
const id = Number(dataset.counter);
const me = { id: Number(dataset.me), supervises: dataset.supervises === "true" };
const loadedAt = new Date(dataset.now);
const bottom = document.querySelector(".bottom");
const notice = new Notice();
const selection = new Selection();
const panels = new Panels(() => selection.drop());
const sender = new Sender(sending);
const reminder = new Reminder();
let view = null;
let snapshots = 0;
let deferred = null;

const ticketIdOf = ({ counter }) => counter.ticket?.id ?? null;
const situation = (of) => `${stateOf(of.counter, me)} ${ticketIdOf(of)}`;

function show(next) {
  view = next;
  const state = stateOf(view.counter, me);
  const ticketId = ticketIdOf(view);
  paintCounter(view, state, me);
  paintVisitor(view, state);
  paintLine(view);
  paintAside(view);
  paintClosing(view);
  panels.closeIfOutdated(state, ticketId);
  if (!selection.update(view)) panels.close();
  notice.clearIfOutdated(situation(view), sender.busy);
  reminder.show(dueOf(view.counter, state));
}

/* Names what is due here; of somebody else's counter that somebody is reminded. */
function dueOf({ prompt, holder }, state) {
  if (!prompt || state === "taken" || holder?.id !== me.id) return null;
  return `${prompt.kind} ${prompt.since}`;
}

/* Often the line tells of a command before its answer is here. What is shown can be acted
   on: a snapshot waits for the answer, unless that is slow, and no key is lost between. */
function receive(data) {
  snapshots += 1;
  if (document.body.dataset.sending === "sending") deferred = data;
  else show(data);
}

function showDeferred() {
  if (deferred === null) return;
  const data = deferred;
  deferred = null;
  show(data);
}

/* A snapshot that came while the answer was under way is mostly as new; after a cut it
   may be from before the command: the notice belongs to what the answer leads to. */
async function sendCommand(command, body) {
  if (sender.busy) return;
  const snapshotsBefore = snapshots;
  const at = { counter: view.counter, selected: selection.row };
  const { path, body: fields } = commandRequest(command, body, at);
  panels.close();
  try {
    const answer = await sender.send(path, fields);
    const next = viewAfter(view, answer);
    if (snapshots === snapshotsBefore) show(next);
    showResult(notice, command, answer, numberOf(command, at), next.counter);
    notice.belongsTo(situation(next));
  } catch (problem) {
    if (problem.status === 401) return signIn();
    if (snapshots === snapshotsBefore) show(viewAfterRefusal(view, problem));
    showRefusal(notice, problem);
  }
}

function sending(state) {
  document.body.dataset.sending = state;
  if (state !== "sending") showDeferred();
  if (state === "sending") notice.clear();
  if (state === "slow") notice.show("warning", word("slow"));
  if (state === "unsent") notice.show("warning", word("unsent"), word("unsent-advice"));
}

function signIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(`/counter?counter=${id}`)}`);
}

function connection({ state, at }) {
  if (state === "signed-out") return signIn();
  if (state === "live") setClock(at);
  paintConnection({ state, at: at ?? loadedAt });
  if (state === "refused") checkRefusal();
}

/* A slip that was scanned here is chosen from the line, as by a touch. */
async function chooseSlip(address) {
  try {
    const found = await get(`/tickets/by-number/${encodeURIComponent(address)}`);
    const row = [...view.line, ...view.aside].find(({ ticket_id: id }) => found.some((ticket) => ticket.id === id));
    if (row) choose(row.entry_id);
    else notice.show("info", word("slip-not-here"));
  } catch (problem) {
    if (problem.status === 401) return signIn();
    showRefusal(notice, problem);
  }
}

/* A socket hides why it was refused; a page or a question does not. */
async function checkRefusal() {
  try {
    const counters = await get("/counters");
    if (!counters.some((counter) => counter.id === id)) location.reload();
  } catch (problem) {
    if (problem.status === 401) signIn();
    if (problem.status === 403) location.reload();
  }
}

function open(name) {
  panels.open(name, view.counter.ticket?.id ?? null);
  if (name === "transfer") showServices();
}

function choose(entryId) {
  if (sender.busy || !panels.mayOpen("selection", stateOf(view.counter, me))) return;
  if (panels.name !== "selection") panels.close();
  selection.choose(view, entryId);
  if (selection.row) open("selection");
}

const scopesNow = () => (panels.isChooser ? [panels.current] : [panels.current, bottom]);

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-entry]");
  if (row) return choose(Number(row.dataset.entry));
  const button = event.target.closest("[data-when]:is(button)");
  if (!button || sender.busy) return;
  if (button.getAttribute("aria-disabled") === "true") return showNotNow(notice, button, scopesNow());
  const { send, body, opens } = button.dataset;
  if (opens) open(opens);
  else sendCommand(send, JSON.parse(body ?? "{}"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.send) return;
  event.preventDefault();
  sendCommand(event.target.dataset.send, Object.fromEntries(new FormData(event.target, event.submitter)));
});

localStorage.setItem("antrean-counter", id);
setClock(loadedAt);
show(JSON.parse(dataset.console));
listen({
  scopesNow,
  onArrow: (step) => {
    if (isMenuOpen() || (panels.isChooser && panels.name !== "selection")) return false;
    choose(selection.next(step));
    return true;
  },
  onSlip: chooseSlip,
});
live({ topic: `counter:${id}`, onSnapshot: receive, onState: connection });
setInterval(() => { tick(); updateMinutes(); updateReminders(); }, 1000);

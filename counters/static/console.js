/* The console: paints what the server says, sends what the officer presses. */

import { get } from "/static/web/api.js";
import { listen } from "/static/web/keys.js";
import { live } from "/static/web/live.js";
import { isMenuOpen } from "/static/web/menu.js";
import { Panels } from "/static/web/panels.js";
import { sayNotNow, sayRefused } from "/static/web/saying.js";
import { Sender } from "/static/web/sender.js";
import { Told } from "/static/web/told.js";
import { word } from "/static/web/words.js";
import { paintAside, tellDue } from "/static/counters/aside.js";
import { Chosen } from "/static/counters/chosen.js";
import { asked, numberOf } from "/static/counters/commands.js";
import { paintConnection, paintLine, tellMinutes } from "/static/counters/line.js";
import { paintCounter, paintVisitor, setClock, tick } from "/static/counters/paint.js";
import { sayDone } from "/static/counters/saying.js";
import { offerServices } from "/static/counters/transfer.js";
import { after, corrected, stateOf } from "/static/counters/view.js";

const { dataset } = document.querySelector("[data-console]");
const id = Number(dataset.counter);
const me = { id: Number(dataset.me), supervises: dataset.supervises === "true" };
const loadedAt = new Date(dataset.now);
const bottom = document.querySelector(".bottom");
const told = new Told();
const chosen = new Chosen();
const panels = new Panels(() => chosen.drop());
const sender = new Sender(sending);
let view = null;
let snapshots = 0;
let kept = null;

const aboutOf = ({ counter }) => counter.ticket?.id ?? null;
const situation = (of) => `${stateOf(of.counter, me)} ${aboutOf(of)}`;

function show(next) {
  view = next;
  const state = stateOf(view.counter, me);
  const about = aboutOf(view);
  paintCounter(view, state, me);
  paintVisitor(view, state);
  paintLine(view);
  paintAside(view);
  panels.keepTrue(state, about);
  if (!chosen.keepTrue(view)) panels.close();
  told.keepTrue(situation(view), sender.busy);
}

/* Often the line tells of a command before its answer is here. What is shown can be acted
   on: a snapshot waits for the answer, unless that is slow, and no key is lost between. */
function hear(data) {
  snapshots += 1;
  if (document.body.dataset.sending === "sending") kept = data;
  else show(data);
}

function showKept() {
  if (kept === null) return;
  const data = kept;
  kept = null;
  show(data);
}

/* A snapshot that came while the answer was under way is mostly as new; after a cut it
   may be from before the command: what is said belongs to what the answer leads to. */
async function give(command, body) {
  if (sender.busy) return;
  const seen = snapshots;
  const at = { counter: view.counter, chosen: chosen.row };
  const { path, body: said } = asked(command, body, at);
  panels.close();
  try {
    const answer = await sender.send(path, said);
    const next = after(view, answer);
    if (snapshots === seen) show(next);
    sayDone(told, command, answer, numberOf(command, at));
    told.belongsTo(situation(next));
  } catch (problem) {
    if (problem.status === 401) return signIn();
    if (snapshots === seen) show(corrected(view, problem));
    sayRefused(told, problem);
  }
}

function sending(state) {
  document.body.dataset.sending = state;
  if (state !== "sending") showKept();
  if (state === "sending") told.clear();
  if (state === "slow") told.say("warning", word("slow"));
  if (state === "unsent") told.say("warning", word("unsent"), word("unsent-advice"));
}

function signIn() {
  location.assign(`/sign-in?next=${encodeURIComponent(`/counter?counter=${id}`)}`);
}

function connection({ state, at }) {
  if (state === "signed-out") return signIn();
  if (state === "live") setClock(at);
  paintConnection({ state, at: at ?? loadedAt });
  if (state === "refused") whyRefused();
}

/* A socket hides why it was refused; a page or a question does not. */
async function whyRefused() {
  try {
    const known = await get("/counters");
    if (!known.some((counter) => counter.id === id)) location.reload();
  } catch (problem) {
    if (problem.status === 401) signIn();
    if (problem.status === 403) location.reload();
  }
}

function open(name) {
  panels.open(name, view.counter.ticket?.id ?? null);
  if (name === "transfer") offerServices();
}

function choose(entryId) {
  if (sender.busy || !panels.mayOpen("chosen", stateOf(view.counter, me))) return;
  if (panels.name !== "chosen") panels.close();
  chosen.choose(view, entryId);
  if (chosen.row) open("chosen");
}

const placesNow = () => (panels.isChooser ? [panels.now] : [panels.now, bottom]);

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-entry]");
  if (row) return choose(Number(row.dataset.entry));
  const button = event.target.closest("[data-when]:is(button)");
  if (!button || sender.busy) return;
  if (button.getAttribute("aria-disabled") === "true") return sayNotNow(told, button, placesNow());
  const { send, body, opens } = button.dataset;
  if (opens) open(opens);
  else give(send, JSON.parse(body ?? "{}"));
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.send) return;
  event.preventDefault();
  give(event.target.dataset.send, Object.fromEntries(new FormData(event.target, event.submitter)));
});

localStorage.setItem("antrean-counter", id);
setClock(loadedAt);
show(JSON.parse(dataset.console));
listen({
  placesNow,
  onArrow: (step) => {
    if (isMenuOpen() || (panels.isChooser && panels.name !== "chosen")) return false;
    choose(chosen.next(step));
    return true;
  },
});
live({ topic: `counter:${id}`, onSnapshot: hear, onState: connection });
setInterval(() => { tick(); tellMinutes(); tellDue(); }, 1000);

/* The console: paints what the server says, sends what the officer presses. */

import { get } from "/static/web/api.js";
import { live } from "/static/web/live.js";
import { listen, setSingleKeys, singleKeys } from "/static/counters/keys.js";
import { paintConnection, paintLine, tellMinutes } from "/static/counters/line.js";
import { paintCounter, paintVisitor, setClock, tick } from "/static/counters/paint.js";
import { Panels } from "/static/counters/panels.js";
import { Sender } from "/static/counters/sender.js";
import { Told } from "/static/counters/told.js";
import { after, corrected, stateOf } from "/static/counters/view.js";
import { word } from "/static/counters/words.js";

const { dataset } = document.querySelector("[data-console]");
const id = Number(dataset.counter);
const me = { id: Number(dataset.me), supervises: dataset.supervises === "true" };
const loadedAt = new Date(dataset.now);
const menu = document.querySelector(".menu");
const told = new Told();
const panels = new Panels();
const sender = new Sender(sending);
let view = null;
let snapshots = 0;

function show(next) {
  view = next;
  const state = stateOf(view.counter, me);
  paintCounter(view, state, me);
  paintVisitor(view, state);
  paintLine(view);
  panels.keepTrue(state, view.counter.ticket?.id ?? null);
}

/* A snapshot that came while the answer was under way is as new or newer. */
async function give(command, body) {
  if (sender.busy) return;
  const seen = snapshots;
  const { ticket } = view.counter;
  const asked = ticket ? { ...body, version: ticket.version } : body;
  panels.close();
  try {
    const answer = await sender.send(`/counters/${id}/${command}`, asked);
    if (snapshots === seen) show(after(view, answer));
    sayDone(command, answer, ticket);
  } catch (problem) {
    if (problem.status === 401) return signIn();
    if (snapshots === seen) show(corrected(view, problem));
    sayRefused(problem);
  }
}

function sayDone(command, answer, before) {
  if (command === "serve-next") return sayServedNext(answer);
  if (answer === null) return told.say("info", word("said-nobody"));
  told.say("info", word(`said-${command}`, { number: answer.number ?? before?.number }));
}

function sayServedNext({ served, called }) {
  const done = word("said-serve", { number: served.number });
  told.say("info", done, called ? word("said-call-next", { number: called.number }) : word("said-nobody"));
}

function sayRefused({ code, body, retryAfterSeconds }) {
  const { title, advice, calls_missing: missing } = body;
  if (missing) return told.say("warning", title, word("calls-missing", { count: missing }));
  const seconds = code === "too-early" ? retryAfterSeconds : 0;
  told.say(seconds ? "warning" : "danger", title, advice, { seconds, afterwards: word("now-allowed") });
}

function sending(state) {
  document.body.dataset.sending = state;
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

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-when]:is(button)");
  if (!button || button.getAttribute("aria-disabled") === "true" || sender.busy) return;
  const { send, body, opens } = button.dataset;
  if (opens) panels.open(opens, view.counter.ticket?.id ?? null);
  else give(send, JSON.parse(body ?? "{}"));
});

document.addEventListener("pointerdown", (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});

menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.send) return;
  event.preventDefault();
  give(event.target.dataset.send, Object.fromEntries(new FormData(event.target)));
});

const keysSwitch = document.querySelector("[data-single-keys]");
keysSwitch.addEventListener("change", () => showKeys(keysSwitch.checked));

function showKeys(on) {
  setSingleKeys(on);
  keysSwitch.checked = on;
  document.querySelector("[data-keys-on]").hidden = !on;
  document.querySelector("[data-keys-off]").hidden = on;
}

localStorage.setItem("antrean-counter", id);
showKeys(singleKeys());
setClock(loadedAt);
show(JSON.parse(dataset.console));
listen(() => (panels.isChooser ? [panels.now] : [panels.now, document.querySelector(".bottom")]));
live({ topic: `counter:${id}`, onSnapshot: (data) => { snapshots += 1; show(data); }, onState: connection });
setInterval(() => { tick(); tellMinutes(); }, 1000);

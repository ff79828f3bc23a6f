/* Reception's desk: three letters and Enter give a number; a number finds its ticket. */

import { Problem } from "/static/web/api.js";
import { listen } from "/static/web/commands/keys.js";
import { isMenuOpen } from "/static/web/commands/menu.js";
import { Panels } from "/static/web/commands/panels.js";
import { showNotNow, showRefusal } from "/static/web/commands/refusals.js";
import { Sender } from "/static/web/commands/sender.js";
import { setClock } from "/static/web/time.js";
import { Notice } from "/static/web/commands/notice.js";
import { word } from "/static/web/words.js";
import { command } from "/static/admin/reception/command.js";
import { showTickets } from "/static/admin/reception/ticket_list.js";
import { saveDraft, takeDraft } from "/static/admin/reception/draft.js";
import { Matches } from "/static/admin/reception/matches.js";
import { startRefresh } from "/static/admin/reception/refresh.js";
import { deskPrinter, copyPrinter, offerPrinters, rememberCopy, severalPrinters } from "/static/admin/reception/printers.js";
import { NumberField } from "/static/admin/reception/number_field.js";
import { VisitPanel } from "/static/admin/reception/visit.js";
import { MAX_SERVICES, TicketRequest, withOneMore } from "/static/admin/reception/ticket_request.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const { dataset } = find("desk");
const [field, numberField, requestElement] = ["search", "number-field", "request"].map(find);
const notice = new Notice();
const sender = new Sender(sending);
const request = new TicketRequest(requestElement, Number(dataset.peopleMax));
const number = new NumberField(numberField);
const visit = new VisitPanel();
const panels = new Panels();
const matches = new Matches(field, find("matches"), { max: 5, onNoMatch: showNoMatch });
const targets = new Matches(find("transfer-search"), find("transfer-matches"), { max: 3 });
const MIN_LETTERS = 3;
const orders = [];
const adding = []; // services that "," took, while they are searched
const pendingNotices = []; // sentences to say after signing in again
let isWorking = false;
let isSignedOut = false;

function sending(state) {
  document.body.dataset.sending = state;
  if (state === "sending") notice.clear();
  if (state === "slow") notice.show("warning", word("slow"));
  if (state === "unsent") notice.show("warning", word("unsent"), word("unsent-advice"));
}

function showNoMatch(isNone) {
  find("no-match").hidden = !isNone;
  find("no-match").textContent = isNone ? word("no-match") : "";
}

/* One thing at a time, also while the search is asked; orders and numbers that are looked
   for wait for their turn. */
async function runAlone(work) {
  if (isWorking || sender.busy) return;
  isWorking = true;
  try {
    await work();
  } catch (problem) {
    onRefusal(problem);
  } finally {
    isWorking = false;
  }
  if (isSignedOut) return signIn();
  if (orders.length > 0) await runAlone(sendOrders);
  else if (number.isSearching) await runAlone(findNumber);
}

/* A command is about what is shown now: it does not wait until that is another. */
function runNow(work) {
  return isWorking ? showNotYet() : runAlone(work);
}

const isAnotherComing = () => orders.length > 0 || number.isSearching;

function showNotYet() {
  notice.show("warning", word("not-yet"));
}

function onRefusal(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) return signIn();
  if (problem.unanswered) return notice.show("danger", word("connection-stale"), word("not-searched"));
  if (problem.body?.ticket) visit.show(problem.body.ticket);
  showRefusal(notice, problem);
}

/* Says why, and what else was not done for it, now or after signing in again. */
function showReason(refusal, more = "") {
  if (refusal.status === 401) return signIn(more);
  if (Array.isArray(refusal)) notice.show(...refusal);
  else onRefusal(refusal);
  if (more) notice.add(more);
}

/* After what is under way, which may still be done. What waits its turn stands in the
   fields again, or is said when somebody is back. */
function signIn(more = "") {
  pendingNotices.push(more);
  isSignedOut = isWorking;
  if (isWorking) return;
  if (orders.length > 0) pendingNotices.push(takeBack(orders.shift()));
  if (adding.length > 0) pendingNotices.push(word("not-added", { words: adding.splice(0).map(({ text }) => text).join(", ") }));
  const soughtNumber = number.takeBack();
  if (soughtNumber) pendingNotices.push(word("not-looked-up", { number: soughtNumber }));
  saveDraft({ text: field.value, typed: numberField.value, pendingNotices: pendingNotices.filter(Boolean), ...request.fields });
  location.assign("/sign-in?next=/reception");
}

const letters = (text) => text.match(/\p{L}/gu)?.length ?? 0;

/* Enter takes what stands there as one order, given after those before it. What is typed
   or pressed from then on is the next visitor's. */
function placeOrder() {
  const text = matches.text;
  // a number typed here by mistake leaves its letter, and its digits would choose a class
  if (text && letters(text) < MIN_LETTERS) return notice.show("warning", word("three-letters"), word("find-advice"));
  if (!text && request.services.length + adding.length === 0) return isWorking || notice.show("info", word("type-first"));
  orders.push({ text, match: matches.take(), details: request.fields, addedServices: adding.splice(0) });
  request.reset();
  field.focus();
  runAlone(sendOrders);
}

async function sendOrders() {
  while (orders.length > 0) {
    const refusal = await sendOrder(orders[0]).catch((problem) => problem);
    const order = orders.shift();
    if (refusal) return restoreOrder(order, refusal);
  }
}

/* Returns why it was not given, as words to say; throws the Problem that refused it. */
async function sendOrder({ text, match, addedServices, details }) {
  while (addedServices.length > 0) {
    const one = await addedServices[0].match;
    if (!one) return ["warning", word("no-match")];
    details.services = withOneMore(details.services, one);
    addedServices.shift();
  }
  const chosen = await match;
  const services = withOneMore(details.services, chosen);
  if (text && !chosen) return ["warning", word("no-match")];
  if (services.length > MAX_SERVICES) return ["warning", word("five-services")];
  const { services: _, ...other } = details;
  const ids = services.map(({ service_id }) => service_id);
  const ticket = await sender.send("/tickets", { service_ids: ids, ...other, ...deskPrinter() });
  panels.close();
  visit.show(ticket, "given");
  notice.show("info", word("done-give", { number: ticket.number }), visit.where);
  return null;
}

const wordsOf = ({ addedServices = [], text }) => [...addedServices.map((one) => one.text), text];

function restoreOrder(order, refusal) {
  showReason(refusal, takeBack(order));
}

/* It stands in the field again; returns what was typed after it, to say: nobody has it. */
function takeBack(order) {
  const [again, ...rest] = wordsOf(order);
  const others = [...orders.splice(0), ...adding.splice(0)].flatMap(wordsOf);
  const after = [...rest, ...others, matches.text].filter(Boolean);
  matches.clear(again);
  request.reset(order.details);
  return after.length > 0 ? word("not-given-either", { words: after.join(", ") }) : "";
}

/* Takes what stands there as one of several services; what is typed on is another. */
function add() {
  const { text } = matches;
  field.focus();
  if (!text) return notice.show("info", word("type-first"));
  adding.push({ text, match: matches.take() });
  if (adding.length === 1) addAll();
}

/* In the order in which they were typed: the first gives the number its letter. */
async function addAll() {
  while (adding.length > 0) {
    const [one] = adding;
    const chosen = await one.match.catch((problem) => problem);
    if (adding[0] !== one) continue; // a number that was ordered took it along
    adding.shift();
    const refusal = addOne(chosen);
    if (refusal) notAdded(one, refusal);
  }
}

function addOne(chosen) {
  if (chosen instanceof Error) return chosen;
  if (!chosen) return ["warning", word("no-match")];
  const services = withOneMore(request.services, chosen);
  if (services.length > MAX_SERVICES) return ["warning", word("five-services")];
  request.setServices(services);
  return null;
}

function notAdded({ text }, refusal) {
  const isBack = matches.text === "";
  if (isBack) matches.clear(text);
  showReason(refusal, isBack ? "" : word("not-added", { words: text }));
}

/* An empty field means the number that is shown, unless one is looked for. */
function onFind() {
  const isNewSearch = number.take();
  if (isWorking) return;
  if (isNewSearch) {
    notice.clear();
    return runAlone(findNumber);
  }
  if (visit.ticket) visit.focus();
  else notice.show("info", word("type-number"));
}

/* What the work before was refused for stays: nobody may have seen it yet. */
async function findNumber() {
  const { typed, result } = await number.answer();
  if (Array.isArray(result) && result.length > 0) return showResults(result, typed);
  const isBack = number.restore(typed);
  if (Array.isArray(result)) return notice.showAfterWarning("warning", word("not-found", { number: typed }), word("look-again"));
  showReason(result, isBack ? "" : word("not-looked-up", { number: typed }));
}

/* Whoever types meanwhile, here or for the next visitor, goes on typing. A button keeps no
   focus: Enter would press it for another ticket than it was meant for. */
function focusedField() {
  const now = document.activeElement;
  return !number.isLeft && now?.matches("input, textarea, select") ? now : null;
}

/* Of several none is offered to who types: their digits are not meant for it. */
function showResults(result, typed) {
  const focused = focusedField();
  if (result.length === 1) return showTicket(result[0], focused);
  if (focused) {
    number.restore(typed);
    return notice.showAfterWarning("warning", word("several-found", { number: typed }), word("look-to-choose"));
  }
  showTickets(result, (ticket) => showTicket(ticket, null));
  panels.open("tickets", null);
}

function showTicket(ticket, focused) {
  panels.close();
  visit.show(ticket, "found");
  if (!focused) return visit.focus();
  // the chooser typed in is closed: letters without a field would be commands
  if (!focused.checkVisibility()) field.focus();
}

function newVisitor() {
  if (document.activeElement === field) {
    adding.length = 0;
    matches.clear();
    request.reset();
    notice.clear();
  }
  panels.close(); // it asks about the visitor before
  field.focus();
}

async function sendCommand(name, body) {
  const { ticket, entry, entryId } = visit;
  panels.close();
  const now = await command(sender, name, body, { ticket, entry, entryId });
  if (name === "reprint") rememberCopy(body);
  if (name === "duplicate") visit.choose(null); // its undo is about all of them
  visit.show(now);
  notice.show("info", word(`done-${name}`, { number: now.number ?? ticket.number }));
}

async function transfer() {
  const chosen = await targets.pendingMatch();
  if (!chosen) return notice.show("warning", word("no-match"));
  const { position, note } = Object.fromEntries(new FormData(find("transfer")));
  const noteField = note.trim() ? { note: note.trim() } : {};
  await sendCommand("transfer", { service_id: chosen.service_id, position, ...noteField });
}

/* One printer needs no question; of several the one remembered here is one Enter away. */
function copy() {
  if (!severalPrinters) return runNow(() => sendCommand("reprint", copyPrinter()));
  if (isAnotherComing()) return showNotYet();
  const likely = offerPrinters(visit.ticket.print_job?.printer_id);
  panels.open("copy", visit.ticket.id);
  likely.focus();
}

function open(name) {
  if (name !== "actions" && isAnotherComing()) return showNotYet();
  panels.open(name, visit.ticket?.id ?? null);
  if (name === "transfer") targets.clear();
}

const onForm = { give: placeOrder, find: onFind, transfer: () => runNow(transfer) };
document.addEventListener("submit", (event) => {
  const name = Object.keys(onForm).find((each) => each in event.target.dataset);
  if (!name) return;
  event.preventDefault();
  onForm[name]();
});

/* Each kind of button by the name of its data attribute. */
const onPress = {
  people: ({ people }) => request.count(Number(people)),
  class: (of) => request.setClass(of.class),
  assistance: () => request.setAssistance(),
  language: () => request.nextLanguage(),
  giveNow: placeOrder,
  add,
  toNumber: () => numberField.focus(),
  new: newVisitor,
  entry: ({ entry }) => visit.choose(Number(entry)),
  leaveOut: (_, button) => request.leaveOut([...find("selected-services").children].indexOf(button.closest("li"))),
  opens: ({ opens }) => (opens === "copy" ? copy() : open(opens)),
  send: ({ send, body }) => runNow(() => sendCommand(send, JSON.parse(body ?? "{}"))),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return showNotNow(notice, button, [panels.current]);
  const kind = Object.keys(onPress).find((each) => each in button.dataset);
  if (kind) onPress[kind](button.dataset, button);
});

/* Whoever touches a button while typing goes on typing: the field keeps the focus. */
requestElement.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault());

field.addEventListener("keydown", (event) => {
  if (event.key === "Backspace" && field.value === "" && !event.repeat) request.leaveOut(request.services.length - 1);
});

/* A chooser has the keys alone, but for the signs of the number that is typed meanwhile. */
function scopesNow() {
  if (document.activeElement === field) return [requestElement, panels.current];
  return panels.isChooser ? [panels.current] : [panels.current, requestElement];
}

const draft = takeDraft();
if (draft) {
  const { text, typed, pendingNotices: notices, ...details } = draft;
  request.reset(details);
  numberField.value = typed;
  matches.clear(text);
  if (notices.length > 0) notice.show("warning", notices.join(" "));
}
setClock(new Date(dataset.now));
listen({
  scopesNow,
  onArrow: (step) => !isMenuOpen() && !panels.isChooser && visit.step(step),
});
startRefresh({ visit, isBusy: () => sender.busy, onServices: () => matches.repaint(), onSignedOut: signIn });
field.focus();

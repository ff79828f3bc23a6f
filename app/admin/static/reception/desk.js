/* Reception's desk: three letters and Enter give a number; a number finds its ticket. */

import { Problem } from "/static/web/api.js";
import { listen } from "/static/web/commands/keys.js";
import { isMenuOpen } from "/static/web/commands/menu.js";
import { Panels } from "/static/web/commands/panels.js";
import { showNotNow, showRefusal } from "/static/web/commands/refusals.js";
import { isSlip } from "/static/web/commands/scan.js";
import { Sender } from "/static/web/commands/sender.js";
import { setClock } from "/static/web/time.js";
import { Notice } from "/static/web/commands/notice.js";
import { word } from "/static/web/words.js";
import { CommandQueue } from "/static/admin/reception/command_queue.js";
import { Draft, takeDraft } from "/static/admin/reception/draft.js";
import { Lookup } from "/static/admin/reception/lookup.js";
import { Matches } from "/static/admin/reception/matches.js";
import { NumberField } from "/static/admin/reception/number_field.js";
import { Orders } from "/static/admin/reception/orders.js";
import { deskPrinter, copyPrinter, offerPrinters, rememberCopy, severalPrinters } from "/static/admin/reception/printers.js";
import { startRefresh } from "/static/admin/reception/refresh.js";
import { TicketRequest } from "/static/admin/reception/ticket_request.js";
import { command } from "/static/admin/reception/visit/command.js";
import { VisitPanel } from "/static/admin/reception/visit/visit.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const { dataset } = find("desk");
const [field, numberField, requestElement] = ["search", "number-field", "request"].map(find);
const SCHEME = /^https?:$/;
const notice = new Notice();
const sender = new Sender(sending);
const request = new TicketRequest(requestElement, Number(dataset.peopleMax));
const number = new NumberField(numberField);
const visit = new VisitPanel();
const panels = new Panels();
const matches = new Matches(field, find("matches"), { max: 5, onNoMatch: showNoMatch });
const targets = new Matches(find("transfer-search"), find("transfer-matches"), { max: 3 });
const draft = new Draft();
const queue = new CommandQueue({ isBusy: () => sender.busy, onNotYet: showNotYet, onRefusal });
const orders = new Orders({ matches, request, notice, queue, send: give, onGiven: showGiven, onRefused: showReason });
const lookup = new Lookup({ number, visit, panels, notice, queue, field, onRefused: showReason });

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

function signIn(more = "") {
  draft.add(more);
  queue.end(leave);
}

/* What waits its turn stands in the fields again, or is said when somebody is back. */
function leave() {
  draft.add(orders.takeBackAll());
  draft.add(lookup.takeBack());
  draft.save({ text: field.value, typed: numberField.value, ...request.fields });
  location.assign("/sign-in?next=/reception");
}

function give(body) {
  return sender.send("/tickets", { ...body, ...deskPrinter() });
}

function showGiven(ticket) {
  panels.close();
  visit.show(ticket, "given");
  notice.show("info", word("done-give", { number: ticket.number }), visit.where);
}

function newVisitor() {
  if (document.activeElement === field) {
    orders.clear();
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
  if (!severalPrinters) return queue.runNow(() => sendCommand("reprint", copyPrinter()));
  if (queue.isWaiting) return showNotYet();
  const likely = offerPrinters(visit.ticket.print_job?.printer_id);
  panels.open("copy", visit.ticket.id);
  likely.focus();
}

function open(name) {
  if (name !== "actions" && queue.isWaiting) return showNotYet();
  panels.open(name, visit.ticket?.id ?? null);
  if (name === "transfer") targets.clear();
}

/* A scanner types a slip's address wherever the cursor stands. From the next visitor's service
   its first slash leads to the number, as "/" does, and what came before it is left. */
function findNumber() {
  if (isSlip(numberField.value) && SCHEME.test(matches.text)) matches.clear();
  lookup.start();
}

/* One that was read while the ticket's panel, or a button, had the keys. */
function findSlip(address) {
  numberField.value = address;
  lookup.start();
}

const onForm = { give: () => orders.submit(), find: findNumber, transfer: () => queue.runNow(transfer) };
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
  giveNow: () => orders.submit(),
  add: () => orders.addService(),
  toNumber: () => numberField.focus(),
  new: newVisitor,
  entry: ({ entry }) => visit.choose(Number(entry)),
  leaveOut: (_, button) => request.leaveOut([...find("selected-services").children].indexOf(button.closest("li"))),
  opens: ({ opens }) => (opens === "copy" ? copy() : open(opens)),
  send: ({ send, body }) => queue.runNow(() => sendCommand(send, JSON.parse(body ?? "{}"))),
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
  if (event.key === "Enter" && event.repeat) event.preventDefault(); // held down: the notice of the one number stays
  if (event.key === "Backspace" && field.value === "" && !event.repeat) request.leaveOut(request.services.length - 1);
});

/* The next number's signs and digits count in its field alone, also while a chooser is open:
   beside the number shown, a digit after a refused command would be the next visitor's need. */
function scopesNow() {
  if (document.activeElement === field) return [requestElement, panels.current];
  return panels.isChooser ? [panels.current] : [panels.current, find("field-keys")];
}

const restored = takeDraft();
if (restored) {
  const { text, typed, notices, ...fields } = restored;
  request.reset(fields);
  numberField.value = typed;
  matches.clear(text);
  if (notices.length > 0) notice.show("warning", notices.join(" "));
}
setClock(new Date(dataset.now));
listen({
  scopesNow,
  onArrow: (step) => !isMenuOpen() && !panels.isChooser && visit.step(step),
  onSlip: findSlip,
});
startRefresh({ visit, isBusy: () => sender.busy, onServices: () => matches.repaint(), onSignedOut: signIn });
field.focus();

/* Reception's desk: three letters and Enter give a number; a number finds its ticket. */

import { Problem } from "/static/web/api.js";
import { listen } from "/static/web/keys.js";
import { isMenuOpen } from "/static/web/menu.js";
import { Panels } from "/static/web/panels.js";
import { sayNotNow, sayRefused } from "/static/web/saying.js";
import { Sender } from "/static/web/sender.js";
import { setClock } from "/static/web/time.js";
import { Told } from "/static/web/told.js";
import { word } from "/static/web/words.js";
import { command } from "/static/admin/reception/command.js";
import { offerFound } from "/static/admin/reception/found.js";
import { keep, takeKept } from "/static/admin/reception/kept.js";
import { Matches } from "/static/admin/reception/matches.js";
import { look } from "/static/admin/reception/looking.js";
import { atDesk, ofCopy, offerPrinters, rememberCopy, severalPrinters } from "/static/admin/reception/printers.js";
import { NumberField } from "/static/admin/reception/seeking.js";
import { VisitPanel } from "/static/admin/reception/visit.js";
import { MOST_SERVICES, Wish, withOneMore } from "/static/admin/reception/wish.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const { dataset } = find("desk");
const [field, numberField, wishPlace] = ["search", "number-said", "wish"].map(find);
const told = new Told();
const sender = new Sender(sending);
const wish = new Wish(wishPlace, Number(dataset.peopleMax));
const number = new NumberField(numberField);
const visit = new VisitPanel();
const panels = new Panels();
const matches = new Matches(field, find("matches"), { most: 5, onNone: sayNone });
const targets = new Matches(find("transfer-search"), find("transfer-matches"), { most: 3 });
const LETTERS = 3;
const orders = [];
const adding = []; // services that "," took, while they are searched
const unsaid = []; // sentences to say after signing in again
let isTaking = false;
let isSignedOut = false;

function sending(state) {
  document.body.dataset.sending = state;
  if (state === "sending") told.clear();
  if (state === "slow") told.say("warning", word("slow"));
  if (state === "unsent") told.say("warning", word("unsent"), word("unsent-advice"));
}

function sayNone(isNone) {
  find("no-match").hidden = !isNone;
  find("no-match").textContent = isNone ? word("no-match") : "";
}

/* One thing at a time, also while the search is asked; orders and numbers that are looked
   for wait for their turn. */
async function alone(work) {
  if (isTaking || sender.busy) return;
  isTaking = true;
  try {
    await work();
  } catch (problem) {
    refused(problem);
  } finally {
    isTaking = false;
  }
  if (isSignedOut) return signIn();
  if (orders.length > 0) await alone(giveOrders);
  else if (number.isSought) await alone(findNumber);
}

/* A command is about what is shown now: it does not wait until that is another. */
function atOnce(work) {
  return isTaking ? notYet() : alone(work);
}

const isAnotherComing = () => orders.length > 0 || number.isSought;

function notYet() {
  told.say("warning", word("not-yet"));
}

function refused(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) return signIn();
  if (problem.unanswered) return told.say("danger", word("line-stale"), word("not-searched"));
  if (problem.body?.ticket) visit.show(problem.body.ticket);
  sayRefused(told, problem);
}

/* Says why, and what else was not done for it, now or after signing in again. */
function sayWhy(refusal, more = "") {
  if (refusal.status === 401) return signIn(more);
  if (Array.isArray(refusal)) told.say(...refusal);
  else refused(refusal);
  if (more) told.add(more);
}

/* After what is under way, which may still be done. What waits its turn stands in the
   fields again, or is said when somebody is back. */
function signIn(more = "") {
  unsaid.push(more);
  isSignedOut = isTaking;
  if (isTaking) return;
  if (orders.length > 0) unsaid.push(takeBack(orders.shift()));
  if (adding.length > 0) unsaid.push(word("not-added", { words: adding.splice(0).map(({ text }) => text).join(", ") }));
  const sought = number.takeBack();
  if (sought) unsaid.push(word("not-sought", { number: sought }));
  keep({ text: field.value, said: numberField.value, unsaid: unsaid.filter(Boolean), ...wish.all });
  location.assign("/sign-in?next=/reception");
}

const letters = (text) => text.match(/\p{L}/gu)?.length ?? 0;

/* Enter takes what stands there as one order, given after those before it. What is typed
   or pressed from then on is the next visitor's. */
function order() {
  const text = matches.text;
  // a number typed here by mistake leaves its letter, and its digits would choose a class
  if (text && letters(text) < LETTERS) return told.say("warning", word("three-letters"), word("find-advice"));
  if (!text && wish.services.length + adding.length === 0) return isTaking || told.say("info", word("type-first"));
  orders.push({ text, match: matches.take(), wished: wish.all, added: adding.splice(0) });
  wish.reset();
  field.focus();
  alone(giveOrders);
}

async function giveOrders() {
  while (orders.length > 0) {
    const refusal = await giveOne(orders[0]).catch((problem) => problem);
    const given = orders.shift();
    if (refusal) return notGiven(given, refusal);
  }
}

/* Returns why it was not given, as words to say; throws the Problem that refused it. */
async function giveOne({ text, match, added, wished }) {
  while (added.length > 0) {
    const one = await added[0].match;
    if (!one) return ["warning", word("no-match")];
    wished.services = withOneMore(wished.services, one);
    added.shift();
  }
  const chosen = await match;
  const services = withOneMore(wished.services, chosen);
  if (text && !chosen) return ["warning", word("no-match")];
  if (services.length > MOST_SERVICES) return ["warning", word("five-services")];
  const { services: _, ...other } = wished;
  const ids = services.map(({ service_id }) => service_id);
  const ticket = await sender.send("/tickets", { service_ids: ids, ...other, ...atDesk() });
  panels.close();
  visit.show(ticket, "given");
  told.say("info", word("said-give", { number: ticket.number }), visit.where);
  return null;
}

const wordsOf = ({ added = [], text }) => [...added.map((one) => one.text), text];

function notGiven(order, refusal) {
  sayWhy(refusal, takeBack(order));
}

/* It stands in the field again; returns what was typed after it, to say: nobody has it. */
function takeBack(order) {
  const [again, ...rest] = wordsOf(order);
  const others = [...orders.splice(0), ...adding.splice(0)].flatMap(wordsOf);
  const after = [...rest, ...others, matches.text].filter(Boolean);
  matches.clear(again);
  wish.reset(order.wished);
  return after.length > 0 ? word("not-given-either", { words: after.join(", ") }) : "";
}

/* Takes what stands there as one of several services; what is typed on is another. */
function add() {
  const { text } = matches;
  field.focus();
  if (!text) return told.say("info", word("type-first"));
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
  const services = withOneMore(wish.services, chosen);
  if (services.length > MOST_SERVICES) return ["warning", word("five-services")];
  wish.setServices(services);
  return null;
}

function notAdded({ text }, refusal) {
  const isBack = matches.text === "";
  if (isBack) matches.clear(text);
  sayWhy(refusal, isBack ? "" : word("not-added", { words: text }));
}

/* An empty field means the number that is shown, unless one is looked for. */
function seek() {
  const isAsked = number.take();
  if (isTaking) return;
  if (isAsked) {
    told.clear();
    return alone(findNumber);
  }
  if (visit.ticket) visit.focus();
  else told.say("info", word("type-number"));
}

/* What the work before was refused for stays: nobody may have seen it yet. */
async function findNumber() {
  const { said, found } = await number.answer();
  if (Array.isArray(found) && found.length > 0) return offer(found, said);
  const isBack = number.giveBack(said);
  if (Array.isArray(found)) return told.also("warning", word("not-found", { number: said }), word("look-again"));
  sayWhy(found, isBack ? "" : word("not-sought", { number: said }));
}

/* Whoever types meanwhile, here or for the next visitor, goes on typing. A button keeps no
   focus: Enter would press it for another ticket than it was meant for. */
function placeOfTyping() {
  const now = document.activeElement;
  return !number.isLeft && now?.matches("input, textarea, select") ? now : null;
}

/* Of several none is offered to who types: their digits are not meant for it. */
function offer(found, said) {
  const typing = placeOfTyping();
  if (found.length === 1) return showFound(found[0], typing);
  if (typing) {
    number.giveBack(said);
    return told.also("warning", word("several-found", { number: said }), word("look-to-choose"));
  }
  offerFound(found, (ticket) => showFound(ticket, null));
  panels.open("found", null);
}

function showFound(ticket, typing) {
  panels.close();
  visit.show(ticket, "found");
  if (!typing) return visit.focus();
  // the chooser typed in is closed: letters without a field would be commands
  if (!typing.checkVisibility()) field.focus();
}

function newVisitor() {
  if (document.activeElement === field) {
    adding.length = 0;
    matches.clear();
    wish.reset();
    told.clear();
  }
  panels.close(); // it asks about the visitor before
  field.focus();
}

async function giveCommand(name, body) {
  const { ticket, leg, legId } = visit;
  panels.close();
  const now = await command(sender, name, body, { ticket, leg, legId });
  if (name === "reprint") rememberCopy(body);
  if (name === "duplicate") visit.choose(null); // its undo is about all of them
  visit.show(now);
  told.say("info", word(`said-${name}`, { number: now.number ?? ticket.number }));
}

async function transfer() {
  const chosen = await targets.taken();
  if (!chosen) return told.say("warning", word("no-match"));
  const { position, note } = Object.fromEntries(new FormData(find("transfer")));
  const said = note.trim() ? { note: note.trim() } : {};
  await giveCommand("transfer", { service_id: chosen.service_id, position, ...said });
}

/* One printer needs no question; of several the one remembered here is one Enter away. */
function copy() {
  if (!severalPrinters) return atOnce(() => giveCommand("reprint", ofCopy()));
  if (isAnotherComing()) return notYet();
  const likely = offerPrinters(visit.ticket.print_job?.printer_id);
  panels.open("copy", visit.ticket.id);
  likely.focus();
}

function open(name) {
  if (name !== "actions" && isAnotherComing()) return notYet();
  panels.open(name, visit.ticket?.id ?? null);
  if (name === "transfer") targets.clear();
}

const onForm = { give: order, find: seek, transfer: () => atOnce(transfer) };
document.addEventListener("submit", (event) => {
  const name = Object.keys(onForm).find((each) => each in event.target.dataset);
  if (!name) return;
  event.preventDefault();
  onForm[name]();
});

/* Each kind of button by the name of its data attribute. */
const onPress = {
  people: ({ people }) => wish.count(Number(people)),
  class: (of) => wish.setClass(of.class),
  assistance: () => wish.setAssistance(),
  language: () => wish.nextLanguage(),
  giveNow: order,
  add,
  toNumber: () => numberField.focus(),
  new: newVisitor,
  leg: ({ leg }) => visit.choose(Number(leg)),
  leaveOut: (_, button) => wish.leaveOut([...find("chosen").children].indexOf(button.closest("li"))),
  opens: ({ opens }) => (opens === "copy" ? copy() : open(opens)),
  send: ({ send, body }) => atOnce(() => giveCommand(send, JSON.parse(body ?? "{}"))),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") return sayNotNow(told, button, [panels.now]);
  const kind = Object.keys(onPress).find((each) => each in button.dataset);
  if (kind) onPress[kind](button.dataset, button);
});

/* Whoever touches a button while typing goes on typing: the field keeps the focus. */
wishPlace.addEventListener("pointerdown", (event) => event.target.closest("button") && event.preventDefault());

field.addEventListener("keydown", (event) => {
  if (event.key === "Backspace" && field.value === "" && !event.repeat) wish.leaveOut(wish.services.length - 1);
});

/* A chooser has the keys alone, but for the signs of the number that is typed meanwhile. */
function keysNow() {
  if (document.activeElement === field) return [wishPlace, panels.now];
  return panels.isChooser ? [panels.now] : [panels.now, wishPlace];
}

const kept = takeKept();
if (kept) {
  const { text, said, unsaid: sentences, ...wished } = kept;
  wish.reset(wished);
  numberField.value = said;
  matches.clear(text);
  if (sentences.length > 0) told.say("warning", sentences.join(" "));
}
setClock(new Date(dataset.now));
listen({
  placesNow: keysNow,
  onArrow: (step) => !isMenuOpen() && !panels.isChooser && visit.step(step),
});
look({ visit, isBusy: () => sender.busy, onServices: () => matches.repaint(), onSignedOut: signIn });
field.focus();

/* A display of the hall: paints each snapshot, announces each call, says when it is cut
   off. What stands where is decided in stage.js, whose turn it is in turns.js. */

import { post } from "/static/web/api.js";
import { live } from "/static/web/live.js";
import { Parts } from "/static/web/parts.js";
import { Announcer } from "/static/displays/announcer.js";
import { Fitting } from "/static/displays/fitting.js";
import { show } from "/static/displays/pieces.js";
import { History } from "/static/displays/history.js";
import { Receipts } from "/static/displays/receipts.js";
import { Speaking } from "/static/displays/speaking.js";
import { Pages, Rounds, Stage, announcementsToPlay, chunks, densityOf, linesOf } from "/static/displays/stage.js";
import { Chime, Voice, canPlaySound } from "/static/displays/sound.js";
import { Turns } from "/static/displays/turns.js";

const TICK_MS = 250;
const RELOAD_MS = 15000;
const NOT_SIGNED_IN = 401;

const config = document.querySelector("script[data-display]").dataset;
const find = (name) => document.querySelector(`[data-${name}]`);
const seconds = (name) => Number(config[name]) * 1000;
const list = (name) => find(`list="${name}"`);
const notice = (name, isShown) => { find(`notice="${name}"`).hidden = !isShown; };

const frame = document.querySelector(".board");
const names = JSON.parse(config.names);
const fitting = new Fitting((field) => names[field] ?? []);
const layout = config.layout;
// one counter calls one at a time: its next call is no rush
const stageSpan = layout === "counter" ? 0 : seconds("largeSeconds");
const stage = new Stage({ slots: Number(config.large), span: stageSpan });
const history = new History({ span: seconds("historySeconds") });
const older = new Pages({ size: 1, span: seconds("pageSeconds") });
const rows = new Rounds({
  size: Number(config.rows),
  span: seconds("pageSeconds"),
  hidden: seconds("hiddenSeconds"),
  tick: TICK_MS,
});
const lines = new Pages({ size: 1, span: seconds("pageSeconds") });
const speaking = new Speaking({ captions: document.querySelectorAll("[data-caption]"), fitting });
const receipts = new Receipts((body) => post("/receipts", body));
const turns = new Turns(Number(config.displayId));
const announcer = new Announcer({
  turns,
  chime: new Chime(find("chime")),
  voice: new Voice(find("voice")),
  now: serverNow,
  onTurn: ({ text }) => { find("announcement").textContent = text; },
  onSound: learnSound,
  onVoice: reportVoice,
  onEnd: onTurnOver,
});
const storageKey = `antrean-last-announcement-${config.topic}`;

let board = JSON.parse(config.shown);
let clockOffset = new Date(config.now) - Date.now();
let day = null;
let reloadTimer;
let shownState;
let isAudible = null;
let isPaintDue = false;

const clock = format({ hour: "2-digit", minute: "2-digit" });
const date = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const parts = new Parts(availabilityOf(board), paint);

function format(options) {
  const inZone = new Intl.DateTimeFormat(config.locale, { timeZone: config.zone, ...options });
  return (moment) => inZone.format(moment);
}

/* The server's time: a display's own clock is often wrong after a power cut. */
function serverNow() {
  return new Date(Date.now() + clockOffset);
}

function paint() {
  const now = performance.now();
  paintNotice();
  find("clock").textContent = clock(serverNow());
  find("date").textContent = date(serverNow());
  arrangeFor(board.calls.length, now);
  const { large, called, before } = arrange(now);
  const past = layout === "text" ? history.follow(board, serverNow().getTime()) : [];
  const below = arrangeLines({ isCalling: large.length + past.length > 0 });
  const room = roomNow(); // what is fitted in another room is fitted again
  show(list("large"), "tile", large, { fitting, room, onShown: swell });
  const beside = layout === "text" ? paintHistory(past, room, now) : paintBeside({ large, called, before, room }, now);
  paintLines({ ...below, room }, now);
  paintSpeaking(room);
  reportShown([...large, ...beside]);
  announcer.run(); // a quiet time may be over, or another device gone
  for (const text of document.querySelectorAll("[data-fixed]")) fitting.fitFixed(text, room);
}

/* However many messages came at once, their last is painted. */
function paintSoon() {
  if (isPaintDue) return;
  isPaintDue = true;
  queueMicrotask(() => {
    isPaintDue = false;
    paint();
  });
}

/* What stands where: on the stage, and beside it. */
function arrange(now) {
  if (layout === "text") return { large: [], called: [], before: [] };
  if (layout !== "counter") return stage.arrange(board, now);
  const isHere = ({ counter_id }) => counter_id === Number(config.counterId);
  const [calls, recent] = [board.calls, board.recent].map((each) => each.filter(isHere));
  const { large } = stage.arrange({ calls: calls.slice(0, 1), recent: [] }, now);
  const served = recent.slice(0, 1).map((call) => ({ ...call, swells: 0, state: "before" }));
  return { large: large.length > 0 ? large : served, called: [], before: [] };
}

function densityNow(count) {
  const limits = { from: Number(config.denseFrom), until: Number(config.denseUntil) };
  if (layout === "zone") return densityOf(count, frame.dataset.density, limits);
  return layout === "hall" && count > 0 ? "dense" : "roomy";
}

function arrangeFor(count, now) {
  const density = densityNow(count);
  frame.dataset.density = density;
  const isDense = density === "dense";
  stage.resize(Number(isDense ? config.denseLarge : config.large), now);
  rows.size = Number(isDense ? config.denseRows : config.rows);
}

/* All that decides how much room a text has, and from which names it must differ. */
function roomNow() {
  const known = Object.values(names).map(({ length }) => length);
  return [innerWidth, innerHeight, frame.dataset.density, frame.dataset.lines, document.fonts.status, ...known].join(" ");
}

/* The page brought the whole mall's names; what was renamed since comes with calls. */
function learnNames({ calls, recent, waiting }) {
  for (const item of [...calls, ...recent, ...waiting]) {
    for (const field of ["place", "zone", "agency", "agency_short"]) {
      if (item[field] && !names[field].includes(item[field])) names[field].push(item[field]);
    }
  }
}

function arrangeLines({ isCalling }) {
  const { busy, closed } = linesOf(board, closedWords(), isCalling ? stageReason() : null);
  const fits = busy.length <= Number(config.lines) && closed.length <= Number(config.closedLines);
  frame.dataset.lines = isCalling || fits || layout === "counter" ? "few" : "many";
  return { busy, closed };
}

/* Who waits where, then what is closed; a page of them is one of these, never both. */
function paintLines({ busy, closed, room }, now) {
  const size = linesOnPage();
  const page = lines.page([...chunks(busy, size.busy), ...chunks(closed, size.closed)], now);
  const shown = page.items[0] ?? [];
  const isClosed = shown[0]?.state === "closed";
  // the first call takes a column from them, and what is hidden cannot be fitted
  const width = list("lines").clientWidth;
  show(list("lines"), "line", shown, { fitting, room: `${room} ${width}` });
  showPageNumber("lines", page);
  find('heading="waiting"').hidden = isClosed;
  find('heading="closed"').hidden = !isClosed;
  const given = find("given");
  if (given) given.hidden = busy.length === 0;
}

function closedWords() {
  const items = find('part="closed"').querySelectorAll("[data-agency]");
  return new Map([...items].map((item) => [Number(item.dataset.agency), item.textContent]));
}

/* With nothing called the list has the stage's room: display.css says how many rows. */
function linesOnPage() {
  if (frame.dataset.lines === "few") return { busy: Number(config.lines), closed: Number(config.closedLines) };
  const count = Number(getComputedStyle(frame).getPropertyValue("--agencies"));
  return { busy: count, closed: Math.floor(count / 2) };
}

/* Why no numbers are given here; null while they are. */
function stageReason() {
  const item = find('part="closed"').querySelector("[data-reason]");
  return item && { agency_short: item.dataset.reason, closed: item.textContent };
}

/* For what the page's words about it were made; on another day they are others. */
function availabilityOf({ now, open, reason, until, serving_from, reception_only, waiting }) {
  const agencies = waiting.map((agency) =>
    [agency.agency_id, agency.open, agency.reason, agency.until, agency.reception_only]);
  return JSON.stringify([date(new Date(now)), open, reason, until, serving_from, reception_only, agencies]);
}

/* Whoever is still called comes before what was called earlier, however many they are. */
function paintBeside({ large, called, before, room }, now) {
  const page = rows.page(called, now, large.map(({ id }) => id));
  const free = rows.size - page.items.length;
  const stillCalled = page.items.map((call) => ({ ...call, state: "called" }));
  const earlier = page.count > 1 ? [] : before.slice(0, free);
  const all = [...stillCalled, ...earlier.map((call) => ({ ...call, state: "before" }))];
  show(list("beside"), "row", all, { fitting, room });
  showPageNumber("beside", page);
  return all;
}

/* During an evacuation the calls are out of sight, and are there again when it ends. */
function paintNotice() {
  const { notice: alarm = null, sound_spaces: spaces = null } = board;
  const isQuiet = ({ quiet_until: until }) => until !== null && new Date(until) > serverNow();
  notice("quiet", alarm === null && (spaces ?? []).some(isQuiet));
  const words = find("notice-text");
  words.dataset.own ??= words.textContent;
  const isOwn = !alarm?.text || alarm.text === config.instruction;
  const text = isOwn ? words.dataset.own : alarm.text;
  if (words.textContent !== text) {
    words.textContent = text;
    fitting.refit(words);
  }
  find("evacuation").hidden = alarm?.kind !== "evacuation";
}

function paintSpeaking(room) {
  const announcements = speaking.now(board, shownState === "live");
  speaking.mark(document.querySelectorAll("[data-list=large] > li, [data-list=beside] > li"), announcements);
  speaking.paintCaption(announcements, frame.dataset.density, room);
  const words = speaking.newest(announcements);
  if (words !== null) find("announcement").textContent = words;
}

/* Who belongs to no sound space has nothing to report. */
const hasReceipts = () => (board.sound_spaces ?? []).length > 0;

/* Shown is what the browser has painted: a frame later than it was written. A page that
   nobody sees has no frames. */
function reportShown(calls) {
  if (!hasReceipts() || board.notice) return;
  receipts.forgetShown(new Set(board.calls.map(({ id }) => id)));
  const ids = calls.map(({ id }) => id).filter((id) => !receipts.isShown(id));
  if (ids.length === 0) return;
  requestAnimationFrame(() => requestAnimationFrame(() => receipts.shown(ids, serverNow())));
}

function reportVoice(announcement, { from, to }) {
  if (to === null) speaking.begin(announcement);
  if (hasReceipts()) receipts.spoken(announcement.id, { from, to });
  paintSoon();
}

function learnSound(isOn) {
  notice("silent", !isOn);
  if (isOn === isAudible) return;
  isAudible = isOn;
  reportSound();
}

function reportSound() {
  if (isAudible !== null && hasReceipts()) receipts.sound(isAudible);
}

function onTurnOver() {
  speaking.end();
  keepPlace();
}

/* Kept over a power cut: what is still called then is announced, and nothing twice. */
function keepPlace() {
  localStorage.setItem(storageKey, turns.resumeAfter);
}

/* Whoever is still called is not hidden for long; those before have what room is left. */
function paintHistory(all, room, now) {
  const size = Number(getComputedStyle(frame).getPropertyValue("--entries"));
  Object.assign(rows, { size });
  const page = rows.page(all.filter(({ state }) => state === "called"), now);
  older.size = Math.max(1, size - page.items.length);
  const rest = older.page(all.filter(({ state }) => state === "before"), now);
  const shown = [...page.items, ...(page.count > 1 ? [] : rest.items)];
  const items = all.filter((call) => shown.includes(call))
    .map((call) => ({ ...call, time: clock(new Date(call.last_called_at)) }));
  show(list("beside"), "entry", items.slice(0, size), { fitting, room });
  showPageNumber("beside", page.count > 1 ? page : rest);
  return items;
}

function showPageNumber(name, { at, count }) {
  find(`page="${name}"`).textContent = count > 1 ? `${at}/${count}` : "";
}

function swell(tile, { swells }) {
  if (tile.dataset.swells === String(swells)) return;
  tile.dataset.swells = swells;
  tile.classList.remove("tile--new");
  if (swells === 0) return;
  void tile.offsetWidth; // or the browser takes it for the same animation
  tile.classList.add("tile--new");
}

function onSnapshot(data) {
  const hadReceipts = hasReceipts();
  board = data;
  if (!hadReceipts) reportSound();
  turns.follow(data);
  learnNames(data);
  paintSoon(); // once its announcements have come
}

function onAnnouncements(announcements) {
  const now = performance.now();
  turns.add(announcements, now);
  for (const { call_id } of announcementsToPlay(announcements, board, serverNow())) {
    stage.announce(call_id, now);
  }
  keepPlace();
  announcer.run();
}

function onConnection({ state, at }) {
  if (at !== null) clockOffset = at - Date.now();
  if (at !== null) find("stale-at").textContent = clock(at);
  notice("starting", state === "connecting");
  notice("stale", state === "stale" || state === "refused");
  if (state !== shownState) paintSoon(); // its words are fitted at once
  if (state === "live" && shownState !== "live") reportSound(); // another server may be there
  shownState = state;
  // no longer this display: the page that pairs it again comes from the server
  clearTimeout(reloadTimer);
  if (state === "signed-out") location.reload();
  if (state === "refused") checkRefusal();
  if (state !== "live") return;
  startAfresh(date(serverNow()));
  parts.follow(availabilityOf(board));
}

/* Refused while it was between two sockets: a browser hides the reason, the board does not. */
function checkRefusal() {
  reloadTimer = setTimeout(() => location.reload(), RELOAD_MS);
  fetch(config.board, { cache: "no-store" })
    .then(({ status }) => { if (status === NOT_SIGNED_IN) location.reload(); }, () => {});
}

/* A new day begins with a new page, so that a display never runs an old program for long. */
function startAfresh(today) {
  if (day !== null && day !== today) location.reload();
  day = today;
}

for (const touch of ["pointerup", "keydown"]) {
  document.addEventListener(touch, () => { if (!find('notice="silent"').hidden) announcer.ring(); });
}
canPlaySound().then((canPlay) => { if (isAudible === null || !canPlay) learnSound(canPlay); });
live({
  topic: config.topic,
  after: localStorage.getItem(storageKey),
  onSnapshot,
  onAnnouncements,
  onState: onConnection,
});
learnNames(board);
turns.follow(board);
paint();
setInterval(paint, TICK_MS);

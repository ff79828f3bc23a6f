/* The kiosk's pages, swapped in place: a lost connection or a restart of the server
   never leaves a visitor before an error page. Without this script every page works
   as it is. Addresses stay out of the history, so there is no way back into another
   visitor's pages. */

import { fetchUntilAnswered } from "./requests.js";
import { Idle } from "./idle.js";
import { Cooldown } from "./cooldown.js";
import { followSlip } from "./slip.js";
import "./keyboard.js";

const START = "/kiosk";
const TICKET = "/kiosk/ticket";
const SETTLE_MS = 500;
/* An impatient finger must not clear the number that it has just drawn. */
const CLEARS_AFTER_MS = 2000;

const idle = new Idle(() => go({ address: START, isByItself: true }));
const cooldown = new Cooldown(() => go({ address: document.getElementById("again").href, isByItself: true }));
const navigation = { turn: 0, by: null };
let shownAt = 0;

document.addEventListener("pointerdown", cancelRefresh, { capture: true });

document.addEventListener("click", (event) => {
  const link = event.target.closest(`a[href^="${START}"]`);
  if (!link) return;
  event.preventDefault();
  go({ address: link.href });
});

/* Whoever touches a number's page beside its buttons is done with it, or comes next. */
document.addEventListener("click", ({ target }) => {
  if (!document.querySelector("[data-clears]") || target.closest("a, button, dialog")) return;
  if (performance.now() - shownAt > CLEARS_AFTER_MS) go({ address: START });
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const body = new URLSearchParams(new FormData(form));
  if (submitter?.name) body.append(submitter.name, submitter.value);
  if (form.method === "get") go({ address: `${form.action}?${body}` });
  else go({ address: form.action, body });
});

/* The browser's own way back would leave the kiosk. */
document.addEventListener("keydown", (event) => {
  const isBack = event.key === "BrowserBack" || (event.altKey && event.key === "ArrowLeft");
  if (!isBack) return;
  event.preventDefault();
  document.getElementById("back")?.click();
});

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.replace(START);
});

async function go({ address, body = null, isByItself = false }) {
  if (!isByItself) cancelRefresh();
  if (navigation.by) return;
  const turn = (navigation.turn += 1);
  navigation.by = isByItself ? "clock" : "visitor";
  const isTicket = new URL(address, location.href).pathname === TICKET;
  const fallback = body || isTicket ? address : START;
  const isCurrent = () => turn === navigation.turn;
  const answer = await fetchUntilAnswered({ address, body, fallback, isCurrent });
  if (!isCurrent()) return;
  navigation.by = null;
  show(answer, { isByItself, isSamePage: isHere(answer) });
}

/* A refresh must not take the page from under a finger. */
function cancelRefresh() {
  const isCovered = !document.querySelector("[data-one-moment]").hidden;
  if (navigation.by !== "clock" || isCovered) return;
  navigation.turn += 1;
  navigation.by = null;
}

/* A plus that is touched again and again shows the same page with another figure. */
function isHere({ address }) {
  const here = document.querySelector("[data-page]")?.dataset.page;
  return Boolean(address) && here === new URL(address, location.href).pathname;
}

function show({ html, address }, { isByItself, isSamePage }) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (parts(fresh) !== parts(document)) return location.replace(address ?? START);
  const focused = document.activeElement?.id;
  for (const { name, value } of fresh.documentElement.attributes) {
    document.documentElement.setAttribute(name, value);
  }
  document.title = fresh.title;
  document.body.replaceWith(document.adoptNode(fresh.body));
  const isKept = isByItself || isSamePage;
  if (!isKept) settle();
  const again = isKept && focused ? document.getElementById(focused) : null;
  (again ?? document.getElementById("content")).focus({ preventScroll: true });
  begin();
}

/* A newer program or another kind of page needs a real load. */
function parts(page) {
  const named = [...page.querySelectorAll("script[src], link[rel=stylesheet]")];
  return named.map((part) => part.getAttribute("src") ?? part.getAttribute("href")).join();
}

/* The second tap of a double tap must not touch what has just appeared there. */
function settle() {
  scrollTo(0, 0);
  const { classList } = document.body;
  classList.add("kiosk--settling");
  setTimeout(() => classList.remove("kiosk--settling"), SETTLE_MS);
}

function begin() {
  for (const stay of document.querySelectorAll("[data-stay]")) {
    stay.addEventListener("click", () => stay.closest("dialog").close());
  }
  shownAt = performance.now();
  idle.begin();
  cooldown.begin();
  followSlip((seconds) => idle.atLeast(seconds));
}

begin();

/* Offers first the counter that one holds, else the one last used in this browser; and
   follows how the counters stand. */

import { followParts } from "/static/web/parts.js";

const LAST = "antrean-counter";
const items = [...document.querySelectorAll("[data-counter]")];
const offered = items.filter((item) => item.querySelector("a"));
const mine = offered.find((item) => "mine" in item.dataset);
const last = offered.find((item) => item.dataset.counter === localStorage.getItem(LAST));
const free = offered.find((item) => !("taken" in item.dataset));
const first = mine ?? last;

markLast();
if (first) offerFirst(first);
(first ?? free ?? offered[0])?.querySelector("a").focus({ preventScroll: true });
const topic = document.querySelector("[data-topic]")?.dataset.topic;
if (topic) followParts(topic, { shown: stateOfAll, onFetched: markLast });

function markLast() {
  const last = document.querySelector(`[data-counter="${localStorage.getItem(LAST)}"] a [data-last]`);
  if (last) last.hidden = false;
}

function offerFirst(item) {
  const section = document.querySelector("[data-first]");
  const zone = item.closest("[data-zone]");
  section.querySelector("[data-first-list]").append(item);
  section.hidden = false;
  zone.hidden = zone.querySelector("[data-counter]") === null;
}

/* All that a tile says; whom a counter serves is not among it. */
function stateOfAll({ counters }) {
  return JSON.stringify(counters.map(({ id, state, holder, pause, prompt }) => [id, state, holder, pause, prompt]));
}

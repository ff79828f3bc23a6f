/* Offers first the counter that one holds, else the one last used in this browser. */

const LAST = "antrean-counter";
const items = [...document.querySelectorAll("[data-counter]")];
const offered = items.filter((item) => item.querySelector("a"));
const mine = offered.find((item) => "mine" in item.dataset);
const last = offered.find((item) => item.dataset.counter === localStorage.getItem(LAST));
const free = offered.find((item) => !("taken" in item.dataset));
const first = mine ?? last;

if (last) last.querySelector("[data-last]").hidden = false;
if (first) offerFirst(first);
(first ?? free ?? offered[0])?.querySelector("a").focus({ preventScroll: true });

function offerFirst(item) {
  const section = document.querySelector("[data-first]");
  const zone = item.closest("[data-zone]");
  section.querySelector("[data-first-list]").append(item);
  section.hidden = false;
  zone.hidden = zone.querySelector("[data-counter]") === null;
}

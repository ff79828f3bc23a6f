/* What became of the slip, asked for until it is decided. `onNews(seconds)` is called
   when something else is said than before: so long the page is worth reading. */

import { tried } from "./asking.js";

const EVERY = 500;
const PATIENCE = 2000;
const UNHEARD = 6000;

export function followSlip(onNews, since = Date.now()) {
  const slip = document.querySelector("[data-slip]");
  if (!slip || "decided" in slip.dataset) return;
  setTimeout(async () => {
    const answer = await tried(slip.dataset.slip, { patience: PATIENCE });
    if (!slip.isConnected) return;
    const heard = Boolean(answer?.html);
    if (heard) put(slip, answer.html, onNews);
    document.querySelector("[data-slip-unheard]").hidden = heard || Date.now() - since < UNHEARD;
    followSlip(onNews, heard ? Date.now() : since);
  }, EVERY);
}

function put(slip, html, onNews) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-slip]");
  if (!fresh || fresh.textContent === slip.textContent) return;
  slip.replaceWith(document.adoptNode(fresh));
  onNews(Number(fresh.dataset.wait));
}

/* What became of the slip, fetched until it is decided. `onChange(seconds)` is called
   when its words have changed: so long the page is worth reading. */

import { tryFetch } from "./requests.js";

const POLL_MS = 500;
const TIMEOUT_MS = 2000;
const UNANSWERED_MS = 6000;

export function followSlip(onChange, since = Date.now()) {
  const slip = document.querySelector("[data-slip]");
  if (!slip || "decided" in slip.dataset) return;
  setTimeout(async () => {
    const answer = await tryFetch(slip.dataset.slip, { timeout: TIMEOUT_MS });
    if (!slip.isConnected) return;
    const isAnswered = Boolean(answer?.html);
    if (isAnswered) replaceSlip(slip, answer.html, onChange);
    document.querySelector("[data-slip-unanswered]").hidden = isAnswered || Date.now() - since < UNANSWERED_MS;
    followSlip(onChange, isAnswered ? Date.now() : since);
  }, POLL_MS);
}

function replaceSlip(slip, html, onChange) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-slip]");
  if (!fresh || fresh.textContent === slip.textContent) return;
  slip.replaceWith(document.adoptNode(fresh));
  onChange(Number(fresh.dataset.wait));
}

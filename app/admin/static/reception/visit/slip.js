/* What became of the newest slip, in words: none, on its way, out, or not. */

import { fact } from "/static/web/facts.js";
import { word } from "/static/web/words.js";
import { printerName } from "/static/admin/reception/printers.js";

const PIECES = { printed: "slip", sent: "slip", queued: "slip", sending: "slip" };
const UNDER_WAY = new Set(document.querySelector("[data-slip]").dataset.underWayStates.split(" "));

export const isUnderWay = (job) => UNDER_WAY.has(job?.state);

export function paintSlip(element, job, isShown) {
  element.hidden = !isShown;
  element.dataset.state = job?.state ?? "none";
  const fragment = fact(PIECES[job?.state] ?? "no-slip", slipText(job));
  const box = document.createElement("span");
  box.append(fragment);
  // a live region: it does not repeat the same words at each look
  if (element.textContent.trim() !== box.textContent.trim()) element.replaceChildren(box);
}

function reasonOf(name) {
  return document.querySelector(`[data-word="reason-${CSS.escape(name)}"]`)?.textContent ?? word("reason");
}

function slipText(job) {
  if (!job) return word("slip-none");
  const kind = job.is_copy ? "copy" : "slip";
  const printer = job.location ?? printerName(job.printer_id) ?? word("a-printer");
  const reason = job.reason && reasonOf(job.reason);
  return [word(`${kind}-${job.state}`, { printer }), reason].filter(Boolean).join(" ");
}

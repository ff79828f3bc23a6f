/* A short sign in a page's head which printers need somebody: names alone, and no focus. */

import { live } from "/static/web/live.js";

const MAX_NAMES = 2;
const sign = document.querySelector("[data-printer-sign]");
const names = sign.querySelector("[data-printer-names]");

function show({ printers, alarms, lost_slips: lost }) {
  const ids = new Set([...alarms, ...lost].map(({ printer_id: id }) => id));
  const due = printers.filter(({ id }) => ids.has(id)).map(({ name }) => name);
  const more = due.length - MAX_NAMES;
  const text = due.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` +${more}` : "");
  if (names.textContent !== text) names.textContent = text;
  sign.hidden = due.length === 0;
}

live({ topic: "printers", onSnapshot: show });

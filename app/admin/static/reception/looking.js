/* Looks every few seconds how the shown ticket and the services stand (sooner while its
   slip is being printed), and says when nobody answers: what is shown is then as of the
   last answer. */

import { get } from "/static/web/api.js";
import { clockTime, serverTime } from "/static/web/time.js";
import { word } from "/static/web/words.js";
import { PATIENCE, readServices } from "/static/admin/reception/services.js";

const EVERY = 2500;
const WHILE_PRINTING = 700;
let heard = null;
const badge = document.querySelector("[data-line-badge]");

export function look({ visit, isBusy, onServices, onSignedOut }) {
  heard = serverTime();
  const once = async () => {
    try {
      await readServices();
      onServices();
      await lookAtTicket(visit, isBusy);
      heard = serverTime();
      say("live");
    } catch (problem) {
      if (problem.status === 401) return onSignedOut();
      say("stale");
    }
    setTimeout(once, EVERY);
  };
  setTimeout(once, EVERY);
  const atSlip = async () => {
    if (visit.isPrinting) await lookAtTicket(visit, isBusy).catch(() => {}); // the other look tells
    setTimeout(atSlip, WHILE_PRINTING);
  };
  setTimeout(atSlip, WHILE_PRINTING);
}

/* A command that was given meanwhile knows better. */
async function lookAtTicket(visit, isBusy) {
  const before = visit.ticket;
  if (before === null || visit.isOver) return;
  const now = await get(`/tickets/by-id/${before.id}`, { deadline: PATIENCE });
  if (visit.ticket === before && !isBusy()) visit.show(now);
}

function say(state) {
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  badge.querySelector("[data-line-word]").textContent = state === "live" ? word("line-live") : word("line-lost", { time: clockTime(heard) });
}

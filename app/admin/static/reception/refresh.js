/* Looks every few seconds how the shown ticket and the services stand (sooner while its
   slip is being printed), and says when nobody answers: what is shown is then as of the
   last answer. */

import { get } from "/static/web/api.js";
import { clockTime, serverTime } from "/static/web/time.js";
import { word } from "/static/web/words.js";
import { TIMEOUT_MS, readServices } from "/static/admin/reception/services.js";

const POLL_MS = 2500;
const PRINTING_POLL_MS = 700;
let answeredAt = null;
const badge = document.querySelector("[data-connection]");

export function startRefresh({ visit, isBusy, onServices, onSignedOut }) {
  answeredAt = serverTime();
  const refresh = async () => {
    try {
      await readServices();
      onServices();
      await refreshTicket(visit, isBusy);
      answeredAt = serverTime();
      showConnection("live");
    } catch (problem) {
      if (problem.status === 401) return onSignedOut();
      showConnection("stale");
    }
    setTimeout(refresh, POLL_MS);
  };
  setTimeout(refresh, POLL_MS);
  const refreshSlip = async () => {
    if (visit.isPrinting) await refreshTicket(visit, isBusy).catch(() => {}); // the other look tells
    setTimeout(refreshSlip, PRINTING_POLL_MS);
  };
  setTimeout(refreshSlip, PRINTING_POLL_MS);
}

/* A command that was given meanwhile knows better. */
async function refreshTicket(visit, isBusy) {
  const before = visit.ticket;
  if (before === null || visit.isOver) return;
  const now = await get(`/tickets/by-id/${before.id}`, { deadline: TIMEOUT_MS });
  if (visit.ticket === before && !isBusy()) visit.show(now);
}

function showConnection(state) {
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  badge.querySelector("[data-connection-text]").textContent = state === "live" ? word("connection-live") : word("connection-lost", { time: clockTime(answeredAt) });
}

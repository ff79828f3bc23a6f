/* Looks every few seconds how the shown ticket and the services stand, and says when
   nobody answers: what is shown is then as of the last answer. */

import { get } from "/static/web/api.js";
import { word } from "/static/web/words.js";
import { readServices } from "/static/admin/reception/services.js";

const EVERY = 4000;
const badge = document.querySelector("[data-line-badge]");

export function look({ visit, isBusy, onServices, onSignedOut }) {
  const once = async () => {
    try {
      await readServices();
      onServices();
      await lookAtTicket(visit, isBusy);
      say("live");
    } catch (problem) {
      if (problem.status === 401) return onSignedOut();
      say("stale");
    }
    setTimeout(once, EVERY);
  };
  setTimeout(once, EVERY);
}

/* A command that was given meanwhile knows better. */
async function lookAtTicket(visit, isBusy) {
  const before = visit.ticket;
  if (before === null || visit.isOver) return;
  const now = await get(`/tickets/by-id/${before.id}`);
  if (visit.ticket === before && !isBusy()) visit.show(now);
}

function say(state) {
  if (badge.dataset.state === state) return;
  badge.dataset.state = state;
  badge.querySelector("[data-line-word]").textContent = word(`line-${state}`);
}

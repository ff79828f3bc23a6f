/* A screen becomes its device: it shows a code until an administrator has approved it.
   The claim, which only this screen knows, outlives a reload (sessionStorage). In the
   demo the page's form is sent by itself, but not twice in a row if it did not help. */

import { post } from "./api.js";

const POLL_MS = 2000;
const CROWDED_SECONDS = 60;
const MIN_INTERVAL_MS = 10_000;

const form = document.querySelector("[data-become]");
const code = document.querySelector("[data-code]");

if (form) become();
else if (code) pair(`antrean-pairing-${code.dataset.kind}`);

function become() {
  const last = Number(sessionStorage.getItem("antrean-became"));
  if (Date.now() - last < MIN_INTERVAL_MS) return;
  sessionStorage.setItem("antrean-became", Date.now());
  form.requestSubmit();
}

async function pair(storageKey) {
  let pairing = JSON.parse(sessionStorage.getItem(storageKey));
  for (;;) {
    try {
      pairing ??= await post("/pairings", { kind: code.dataset.kind });
      sessionStorage.setItem(storageKey, JSON.stringify(pairing));
      code.textContent = pairing.code;
      await post("/pairings/claim", { claim: pairing.claim });
      break;
    } catch (problem) {
      showProblem(problem);
      if (problem.code === "not-found") pairing = null;
      else await pause(problem.status === 429 ? (problem.retryAfterSeconds ?? CROWDED_SECONDS) * 1000 : POLL_MS);
    }
  }
  sessionStorage.removeItem(storageKey);
  location.replace(code.dataset.next);
}

function showProblem(problem) {
  document.querySelector("[data-unanswered]").hidden = !(problem.unanswered || problem.status >= 500);
  document.querySelector("[data-crowded]").hidden = problem.status !== 429;
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

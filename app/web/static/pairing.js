/* A screen becomes its device: it shows a code until an administrator has approved it.
   The claim, which only this screen knows, outlives a reload (sessionStorage). In the
   demo the page's form is sent by itself, but not twice in a row if it did not help. */

import { post } from "./api.js";

const EVERY = 2000;
const CROWDED = 60;
const NOT_AGAIN = 10_000;

const form = document.querySelector("[data-become]");
const code = document.querySelector("[data-code]");

if (form) become();
else if (code) pair(`antrean-pairing-${code.dataset.kind}`);

function become() {
  const last = Number(sessionStorage.getItem("antrean-became"));
  if (Date.now() - last < NOT_AGAIN) return;
  sessionStorage.setItem("antrean-became", Date.now());
  form.requestSubmit();
}

async function pair(place) {
  let asked = JSON.parse(sessionStorage.getItem(place));
  for (;;) {
    try {
      asked ??= await post("/pairings", { kind: code.dataset.kind });
      sessionStorage.setItem(place, JSON.stringify(asked));
      code.textContent = asked.code;
      await post("/pairings/claim", { claim: asked.claim });
      break;
    } catch (problem) {
      say(problem);
      if (problem.code === "not-found") asked = null;
      else await pause(problem.status === 429 ? (problem.retryAfterSeconds ?? CROWDED) * 1000 : EVERY);
    }
  }
  sessionStorage.removeItem(place);
  location.replace(code.dataset.next);
}

function say(problem) {
  document.querySelector("[data-unanswered]").hidden = !(problem.unanswered || problem.status >= 500);
  document.querySelector("[data-crowded]").hidden = problem.status !== 429;
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/* Signing in without leaving the page: what was typed stays when it is refused. */

import { post } from "/static/web/api.js";
import { Told } from "/static/web/told.js";
import { word } from "/static/web/words.js";

const form = document.querySelector("[data-sign-in]");
const button = form.querySelector("button[type=submit]");
const homes = JSON.parse(form.dataset.homes);
const told = new Told();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const { username, password, next } = form.elements;
    const who = await post("/session", { username: username.value, password: password.value });
    location.assign(next.value || homes[who.role]);
  } catch (problem) {
    refused(problem);
  } finally {
    button.setAttribute("aria-busy", "false");
  }
});

function refused(problem) {
  if (problem.unanswered) {
    told.say("danger", word("no-connection"), word("no-connection-advice"));
    return;
  }
  told.say("danger", problem.body.title, problem.body.advice, { seconds: problem.retryAfterSeconds });
  form.elements.password.select();
}

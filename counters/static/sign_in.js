/* Signing in without leaving the page: what was typed stays when it is refused. */

import { post } from "/static/web/api.js";
import { Notice } from "/static/web/commands/notice.js";
import { word } from "/static/web/words.js";

const form = document.querySelector("[data-sign-in]");
const button = form.querySelector("button[type=submit]");
const homes = JSON.parse(form.dataset.homes);
const notice = new Notice();

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const { username, password, next } = form.elements;
    const staff = await post("/session", { username: username.value, password: password.value });
    location.assign(staff.only_password ? "/password" : next.value || homes[staff.role]);
  } catch (problem) {
    showRefusal(problem);
  } finally {
    button.setAttribute("aria-busy", "false");
  }
});

function showRefusal(problem) {
  if (problem.unanswered) {
    notice.show("danger", word("no-connection"), word("no-connection-advice"));
    return;
  }
  notice.show("danger", problem.body.title, problem.body.advice, { seconds: problem.retryAfterSeconds });
  form.elements.password.select();
}

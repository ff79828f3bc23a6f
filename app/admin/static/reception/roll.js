/* Booking numbers of the spare roll in: number, time, Enter, and the next. */

import { Problem, get } from "/static/web/api.js";
import { sayRefused } from "/static/web/saying.js";
import { Sender } from "/static/web/sender.js";
import { Told } from "/static/web/told.js";
import { word } from "/static/web/words.js";
import { momentOf, readNumber, readTime } from "/static/admin/reception/reading.js";

const form = document.querySelector("[data-book]");
const { number, given, service_id: service, people, priority } = form.elements;
const groups = [...service.querySelectorAll("optgroup")];
const told = new Told();
const sender = new Sender(sending);
let isSending = false;

function sending(state) {
  document.body.dataset.sending = state;
  if (state === "slow") told.say("warning", word("slow"));
  if (state === "unsent") told.say("warning", word("unsent"), word("unsent-advice"));
}

/* The letter on the slip says whose services they are. */
number.addEventListener("input", () => {
  const { prefix } = readNumber(number.value);
  const meant = groups.find((group) => group.dataset.prefix.toUpperCase() === prefix);
  if (meant && service.selectedOptions[0]?.parentElement !== meant) service.value = meant.firstElementChild.value;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isSending) send();
});

async function send() {
  isSending = true;
  try {
    await book();
  } catch (problem) {
    refused(problem);
  } finally {
    isSending = false;
  }
}

async function book() {
  const { prefix, drawn } = readNumber(number.value);
  const group = service.selectedOptions[0].parentElement;
  const time = readTime(given.value);
  if (!drawn || (prefix && prefix !== group.dataset.prefix.toUpperCase())) return mend(number, "not-on-roll");
  if (!time) return mend(given, "bad-time");
  const { service_day: day, timezone } = await get("/site");
  const ticket = await sender.send("/spare-numbers", {
    service_ids: [Number(service.value)],
    people: Number(people.value),
    priority: priority.value,
    number: drawn,
    arrived_at: momentOf(day, time, timezone),
  });
  const said = word("booked", { number: ticket.number, time: time.join(".") });
  told.say("info", said);
  document.querySelector("[data-booked]").prepend(Object.assign(document.createElement("li"), { textContent: said }));
  number.value = given.value = "";
  people.value = 1;
  priority.value = "regular";
  number.focus();
}

function mend(field, name) {
  told.say("danger", word(name), word("check"));
  field.select();
}

/* A refusal that names a field is told at it. */
function refused(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) return location.assign("/sign-in?next=/reception/roll");
  if (problem.unanswered) return told.say("danger", word("line-stale"), word("check"));
  if (problem.body.field === "arrived_at") return mend(given, "bad-time");
  if (problem.body.field === "number") return mend(number, "not-on-roll");
  number.select();
  sayRefused(told, problem);
}

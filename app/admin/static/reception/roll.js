/* Booking numbers of the spare roll in: number, time, Enter, and the next. */

import { Problem, get } from "/static/web/api.js";
import { sayRefused } from "/static/web/saying.js";
import { Sender } from "/static/web/sender.js";
import { Told } from "/static/web/told.js";
import { word } from "/static/web/words.js";
import { Matches } from "/static/admin/reception/matches.js";
import { momentOf, readNumber, readTime } from "/static/admin/reception/reading.js";
import { MOST_SERVICES, chip } from "/static/admin/reception/wish.js";

const form = document.querySelector("[data-book]");
const { number, given, service_id: service, people, priority, language } = form.elements;
const more = document.getElementById("more");
const chosenPlace = form.querySelector("[data-chosen]");
const matches = new Matches(more, document.getElementById("more-matches"), { most: 3, onNone: sayNone, tellsState: false });
const groups = [...service.querySelectorAll("optgroup")];
const told = new Told();
const sender = new Sender(sending);
let isSending = false;
let further = [];

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

/* Enter takes the service that is typed; in the empty field it books in, as elsewhere. */
more.addEventListener("keydown", (event) => {
  if (event.key === "Backspace" && more.value === "" && !event.repeat) setFurther(further.slice(0, -1));
  if (event.key !== "Enter" || event.isComposing || more.value.trim() === "") return;
  event.preventDefault();
  if (!event.repeat) alone(addService);
});

chosenPlace.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (!item) return;
  const at = [...chosenPlace.children].indexOf(item);
  setFurther(further.filter((_, index) => index !== at));
  more.focus();
});

async function addService() {
  const found = await matches.taken();
  if (!found) return told.say("warning", word("no-match"));
  const isThere = found.service_id === Number(service.value) || further.some(({ service_id: id }) => id === found.service_id);
  if (!isThere && further.length + 1 >= MOST_SERVICES) return told.say("warning", word("five-services"));
  if (!isThere) setFurther([...further, found]);
  matches.clear();
}

function setFurther(services) {
  further = services;
  chosenPlace.hidden = further.length === 0;
  chosenPlace.replaceChildren(...further.map(chip));
}

function sayNone(isNone) {
  if (isNone) told.say("warning", word("no-match"));
  else if (told.title.textContent === word("no-match")) told.clear();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  alone(book);
});

async function alone(work) {
  if (isSending) return;
  isSending = true;
  try {
    await work();
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
    service_ids: [...new Set([Number(service.value), ...further.map(({ service_id: id }) => id)])],
    people: Number(people.value),
    priority: priority.value,
    ...(language && { language: language.value }),
    number: drawn,
    arrived_at: momentOf(day, time, timezone),
  });
  const said = word("booked", { number: ticket.number, time: time.join(".") });
  told.say("info", said);
  document.querySelector("[data-booked]").prepend(Object.assign(document.createElement("li"), { textContent: said }));
  number.value = given.value = "";
  people.value = 1;
  priority.value = "regular";
  if (language) language.selectedIndex = 0;
  setFurther([]);
  matches.clear();
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

/* Booking numbers of the spare roll in: number, time, Enter, and the next. */

import { Problem, get } from "/static/web/api.js";
import { showRefusal } from "/static/web/commands/refusals.js";
import { Sender } from "/static/web/commands/sender.js";
import { Notice } from "/static/web/commands/notice.js";
import { word } from "/static/web/words.js";
import { Matches } from "/static/admin/reception/matches.js";
import { momentOf, numberReader, timeReader } from "/static/admin/reception/roll/slip_text.js";
import { MAX_SERVICES } from "/static/admin/reception/services.js";
import { chip } from "/static/admin/reception/ticket_request.js";

const form = document.querySelector("[data-book]");
const { number, given, service_id: service, people, priority, language } = form.elements;
const more = document.getElementById("more");
const selectedList = form.querySelector("[data-selected-services]");
const matches = new Matches(more, document.getElementById("more-matches"), { max: 3, onNoMatch: showNoMatch, showsState: false });
const groups = [...service.querySelectorAll("optgroup")];
const readNumber = numberReader(form.dataset.numberPattern);
const readTime = timeReader(form.dataset.timePattern);
const notice = new Notice();
const sender = new Sender(sending);
let isSending = false;
let further = [];

function sending(state) {
  document.body.dataset.sending = state;
  if (state === "slow") notice.show("warning", word("slow"));
  if (state === "unsent") notice.show("warning", word("unsent"), word("unsent-advice"));
}

/* The letter on the slip says whose services they are. */
number.addEventListener("input", () => {
  const { prefix } = readNumber(number.value);
  const group = groups.find((group) => group.dataset.prefix.toUpperCase() === prefix);
  if (group && service.selectedOptions[0]?.parentElement !== group) service.value = group.firstElementChild.value;
});

/* Enter takes the service that is typed; in the empty field it books in, as elsewhere. */
more.addEventListener("keydown", (event) => {
  if (event.key === "Backspace" && more.value === "" && !event.repeat) setFurther(further.slice(0, -1));
  if (event.key !== "Enter" || event.isComposing || more.value.trim() === "") return;
  event.preventDefault();
  if (!event.repeat) runAlone(addService);
});

selectedList.addEventListener("click", (event) => {
  const item = event.target.closest("li");
  if (!item) return;
  const position = [...selectedList.children].indexOf(item);
  setFurther(further.filter((_, index) => index !== position));
  more.focus();
});

async function addService() {
  const match = await matches.pendingMatch();
  if (!match) return notice.show("warning", word("no-match"));
  const isThere = match.service_id === Number(service.value) || further.some(({ service_id: id }) => id === match.service_id);
  if (!isThere && further.length + 1 >= MAX_SERVICES) return notice.show("warning", word("five-services"));
  if (!isThere) setFurther([...further, match]);
  matches.clear();
}

function setFurther(services) {
  further = services;
  selectedList.hidden = further.length === 0;
  selectedList.replaceChildren(...further.map(chip));
}

function showNoMatch(isNone) {
  if (isNone) notice.show("warning", word("no-match"));
  else if (notice.title.textContent === word("no-match")) notice.clear();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  runAlone(book);
});

async function runAlone(work) {
  if (isSending) return;
  isSending = true;
  try {
    await work();
  } catch (problem) {
    onRefusal(problem);
  } finally {
    isSending = false;
  }
}

async function book() {
  const { prefix, drawn } = readNumber(number.value);
  const group = service.selectedOptions[0].parentElement;
  const time = readTime(given.value);
  if (!drawn || (prefix && prefix !== group.dataset.prefix.toUpperCase())) return showFieldProblem(number, "not-on-roll");
  if (!time) return showFieldProblem(given, "bad-time");
  const { service_day: day, timezone } = await get("/site");
  const ticket = await sender.send("/spare-numbers", {
    service_ids: [...new Set([Number(service.value), ...further.map(({ service_id: id }) => id)])],
    people: Number(people.value),
    priority: priority.value,
    ...(language && { language: language.value }),
    number: drawn,
    arrived_at: momentOf(day, time, timezone),
  });
  const text = word("booked", { number: ticket.number, time: time.join(".") });
  notice.show("info", text);
  document.querySelector("[data-booked]").prepend(Object.assign(document.createElement("li"), { textContent: text }));
  number.value = given.value = "";
  people.value = 1;
  priority.value = "regular";
  if (language) language.selectedIndex = 0;
  setFurther([]);
  matches.clear();
  number.focus();
}

function showFieldProblem(field, name) {
  notice.show("danger", word(name), word("check"));
  field.select();
}

/* A refusal that names a field is shown at it. */
function onRefusal(problem) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) return location.assign("/sign-in?next=/reception/roll");
  if (problem.unanswered) return notice.show("danger", word("connection-stale"), word("check"));
  if (problem.body.field === "arrived_at") return showFieldProblem(given, "bad-time");
  if (problem.body.field === "number") return showFieldProblem(number, "not-on-roll");
  number.select();
  showRefusal(notice, problem);
}

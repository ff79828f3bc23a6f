/* Several tickets with one number, said without its letter: 1 to 9, or a touch. */

import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";

const list = document.querySelector("[data-found]");
const KEYS = 9;

export function offerFound(tickets, onChosen) {
  list.replaceChildren(...tickets.map((ticket, at) => row(ticket, at + 1, onChosen)));
}

function row(ticket, place, onChosen) {
  const made = piece("piece-found");
  const button = made.querySelector("button");
  const service = serviceOf(ticket.service_id);
  const name = service ? `${service.agency} · ${service.name}` : word("other-service");
  made.querySelector("[data-number]").textContent = ticket.number;
  made.querySelector("[data-name]").textContent = word("leg", { service: name, state: word(`leg-${ticket.state}`) });
  made.querySelector("[data-cap]").hidden = place > KEYS;
  made.querySelector("[data-cap]").textContent = place;
  if (place <= KEYS) button.dataset.key = place;
  button.addEventListener("click", () => onChosen(ticket));
  return made;
}

/* Several tickets with one number, typed without its letter: 1 to 9, or a touch. */

import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";

const list = document.querySelector("[data-tickets]");
const MAX_KEYS = 9;

export function showTickets(tickets, onSelect) {
  list.replaceChildren(...tickets.map((ticket, index) => row(ticket, index + 1, onSelect)));
}

function row(ticket, position, onSelect) {
  const fragment = piece("piece-match-ticket");
  const button = fragment.querySelector("button");
  const service = serviceOf(ticket.service_id);
  const name = service ? `${service.agency} · ${service.name}` : word("other-service");
  fragment.querySelector("[data-number]").textContent = ticket.number;
  fragment.querySelector("[data-name]").textContent = word("entry", { service: name, state: word(`entry-${ticket.state}`) });
  fragment.querySelector("[data-cap]").hidden = position > MAX_KEYS;
  fragment.querySelector("[data-cap]").textContent = position;
  if (position <= MAX_KEYS) button.dataset.key = position;
  button.addEventListener("click", () => onSelect(ticket));
  return fragment;
}

/* Paints the number just given or found, its legs, its slip, and what may be done. */

import { fact, listed, peopleAndNeeds } from "/static/web/facts.js";
import { offer } from "/static/web/offering.js";
import { clockTime } from "/static/web/time.js";
import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";
import { isUnderWay, paintSlip } from "/static/admin/reception/slip.js";

const place = document.querySelector("[data-visit]");
const find = (name) => place.querySelector(`[data-${name}]`);
/* Nobody is called by this number any more. */
const VOID = new Set(["cancelled", "expired"]);
const OVER = new Set(["served", "transferred", "cancelled", "expired"]);

export class VisitPanel {
  constructor() {
    this.ticket = null;
    this.legId = null; // null: nobody chose one
    offer("none");
  }

  /* `title`: given or found. Another ticket begins with its current leg. */
  show(ticket, title = null) {
    if (ticket.id !== this.ticket?.id) this.legId = null;
    this.ticket = ticket;
    if (title) find("title").textContent = word(`title-${title}`);
    this.paint();
  }

  /* Nothing more can happen to it by itself. */
  get isOver() {
    return this.hasEnded && !this.isPrinting;
  }

  get hasEnded() {
    return this.ticket.entries.every(({ state }) => OVER.has(state));
  }

  get isPrinting() {
    return isUnderWay(this.ticket?.print_job);
  }

  get leg() {
    const { entries, state } = this.ticket;
    return entries.find(({ id }) => id === this.legId) ?? entries.find((each) => each.state === state) ?? entries.at(-1);
  }

  /* Where the visitor waits or goes, in words; nothing once that is over. */
  get where() {
    const { state, place: counter, service_id: id } = this.leg;
    if (counter) return word("go-to", { place: counter });
    const zones = serviceOf(id)?.zones ?? [];
    return state === "waiting" && zones.length > 0 ? word("wait-in", { place: zones.join(", ") }) : "";
  }

  choose(legId) {
    this.legId = legId;
    this.paint();
  }

  step(by) {
    if (!this.ticket) return false;
    const ids = this.ticket.entries.map(({ id }) => id);
    const at = Math.min(Math.max(ids.indexOf(this.leg.id) + by, 0), ids.length - 1);
    this.choose(ids[at]);
    return true;
  }

  focus() {
    find("number").focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  }

  paint() {
    const { ticket, leg } = this;
    place.dataset.state = leg.state;
    find("rest").hidden = true;
    find("number").textContent = ticket.number;
    find("state-word").hidden = false;
    find("state-word").textContent = word(`leg-${leg.state}`);
    find("legs").replaceChildren(...ticket.entries.map((entry) => this.row(entry)));
    find("facts").replaceChildren(...facts(ticket, leg, this.where).map(listed));
    const isVoid = ticket.entries.every(({ state }) => VOID.has(state));
    place.toggleAttribute("data-void", isVoid);
    paintSlip(find("slip"), ticket.print_job, !isVoid && (leg.state === "waiting" || Boolean(ticket.print_job)));
    offer(leg.state);
    for (const back of place.querySelectorAll('[data-when="any"]')) back.setAttribute("aria-disabled", "false");
    // the slip is the whole visit's, whichever leg is chosen
    find("opens=copy").setAttribute("aria-disabled", String(this.hasEnded));
  }

  row(entry) {
    const made = piece("piece-visit-leg");
    const service = serviceOf(entry.service_id);
    const button = made.querySelector("[data-leg]");
    button.dataset.leg = entry.id;
    button.ariaPressed = String(entry.id === this.leg.id);
    made.querySelector("[data-name]").textContent = service ? `${service.agency} · ${service.name}` : word("other-service");
    made.querySelector("[data-leg-state]").textContent = this.ticket.entries.length > 1 ? word(`leg-${entry.state}`) : "";
    return made;
  }
}

function facts(ticket, leg, where) {
  const found = where ? [fact("where", where)] : [];
  if (leg.waiting_ahead !== null) found.push(fact("ahead", leg.waiting_ahead === 0 ? word("next") : word("ahead", { count: leg.waiting_ahead })));
  found.push(...peopleAndNeeds(ticket));
  if (ticket.note) found.push(fact("note", word("note", { text: ticket.note })));
  found.push(fact("clock", word("arrived", { time: clockTime(ticket.issued_at) })));
  return found;
}

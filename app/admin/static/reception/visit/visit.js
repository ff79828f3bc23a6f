/* Paints the number just given or found, its entries, its slip, and what may be done. */

import { fact, listItem, peopleAndNeeds } from "/static/web/facts.js";
import { updateButtons } from "/static/web/commands/buttons.js";
import { clockTime } from "/static/web/time.js";
import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";
import { isUnderWay, paintSlip } from "/static/admin/reception/visit/slip.js";

const panel = document.querySelector("[data-visit]");
const find = (name) => panel.querySelector(`[data-${name}]`);
const ENDED = new Set(panel.dataset.endedStates.split(" "));
/* Struck through: the slip is worth nothing, and nothing was done for it. */
const VOID = new Set(["cancelled", "expired"]);

export class VisitPanel {
  constructor() {
    this.ticket = null;
    this.entryId = null; // null: nobody chose one
    updateButtons("none");
  }

  /* `title`: given or found. Another ticket begins with its current entry. */
  show(ticket, title = null) {
    if (ticket.id !== this.ticket?.id) this.entryId = null;
    this.ticket = ticket;
    if (title) find("title").textContent = word(`title-${title}`);
    this.paint();
  }

  /* Nothing more can happen to it by itself. */
  get isOver() {
    return this.hasEnded && !this.isPrinting;
  }

  get hasEnded() {
    return this.ticket.entries.every(({ state }) => ENDED.has(state));
  }

  get isPrinting() {
    return isUnderWay(this.ticket?.print_job);
  }

  get entry() {
    const { entries, state } = this.ticket;
    return entries.find(({ id }) => id === this.entryId) ?? entries.find((each) => each.state === state) ?? entries.at(-1);
  }

  /* Where the visitor waits or goes, in words; nothing once that is over. */
  get where() {
    const { state, place: counter, service_id: id } = this.entry;
    if (counter) return word("go-to", { place: counter });
    const zones = serviceOf(id)?.zones ?? [];
    return state === "waiting" && zones.length > 0 ? word("wait-in", { zones: zones.join(", ") }) : "";
  }

  choose(entryId) {
    this.entryId = entryId;
    this.paint();
  }

  step(by) {
    if (!this.ticket) return false;
    const ids = this.ticket.entries.map(({ id }) => id);
    const index = Math.min(Math.max(ids.indexOf(this.entry.id) + by, 0), ids.length - 1);
    this.choose(ids[index]);
    return true;
  }

  focus() {
    find("number").focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
  }

  paint() {
    const { ticket, entry } = this;
    panel.dataset.state = entry.state;
    find("rest").hidden = true;
    find("number").textContent = ticket.number;
    find("state-word").hidden = false;
    find("state-word").textContent = word(`entry-${entry.state}`);
    find("entries").replaceChildren(...ticket.entries.map((entry) => this.row(entry)));
    find("facts").replaceChildren(...facts(ticket, entry, this.where).map(listItem));
    const isVoid = ticket.entries.every(({ state }) => VOID.has(state));
    panel.toggleAttribute("data-void", isVoid);
    paintSlip(find("slip"), ticket.print_job, !isVoid && (entry.state === "waiting" || Boolean(ticket.print_job)));
    updateButtons(entry.state);
    for (const back of panel.querySelectorAll('[data-when="any"]')) back.setAttribute("aria-disabled", "false");
    // the slip is the whole visit's, whichever entry is chosen
    find("opens=copy").setAttribute("aria-disabled", String(this.hasEnded));
  }

  row(entry) {
    const fragment = piece("piece-visit-entry");
    const service = serviceOf(entry.service_id);
    const button = fragment.querySelector("[data-entry]");
    button.dataset.entry = entry.id;
    button.ariaPressed = String(entry.id === this.entry.id);
    fragment.querySelector("[data-name]").textContent = service ? `${service.agency} · ${service.name}` : word("other-service");
    fragment.querySelector("[data-entry-state]").textContent = this.ticket.entries.length > 1 ? word(`entry-${entry.state}`) : "";
    return fragment;
  }
}

function facts(ticket, entry, where) {
  const result = where ? [fact("where", where)] : [];
  if (entry.waiting_ahead !== null) result.push(fact("ahead", entry.waiting_ahead === 0 ? word("next") : word("ahead", { count: entry.waiting_ahead })));
  result.push(...peopleAndNeeds(ticket));
  if (ticket.note) result.push(fact("note", word("note", { text: ticket.note })));
  result.push(fact("clock", word("arrived", { time: clockTime(ticket.issued_at) })));
  return result;
}

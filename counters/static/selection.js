/* One row chosen from the line or from those set aside, by touch or with the arrows.

   The choice is an entry in one state: if that is over, so is the choice. */

import { serviceName } from "/static/counters/view.js";
import { word } from "/static/web/words.js";

const panel = document.querySelector('[data-panel="selection"]');
const rows = () => [...document.querySelectorAll("[data-entry]")];
const stateOfRow = (row) => row.state ?? "waiting";

export class Selection {
  constructor() {
    this.row = null;
  }

  choose(view, entryId) {
    this.row = find(view, entryId);
    if (this.row) this.paint(view);
  }

  /* The row `step` below (or above) the present one; from nowhere: the first or last. */
  next(step) {
    const ids = rows().map((row) => Number(row.dataset.entry));
    const index = ids.indexOf(this.row?.entry_id ?? 0);
    const from = index < 0 && step < 0 ? ids.length : index;
    return ids[Math.min(Math.max(from + step, 0), ids.length - 1)] ?? null;
  }

  /* False when whoever was chosen is no longer there as they were. */
  update(view) {
    if (!this.row) return true;
    const now = find(view, this.row.entry_id);
    const isSame = now !== null && stateOfRow(now) === stateOfRow(this.row);
    this.row = isSame ? now : null;
    this.mark();
    return isSame;
  }

  drop() {
    this.row = null;
    this.mark();
  }

  paint(view) {
    const state = stateOfRow(this.row);
    const service = serviceName(view, this.row.service_id) ?? this.row.service;
    panel.querySelector("h2").textContent = this.row.number;
    panel.querySelector("h2 ~ p").textContent = word("entry", { service, state: word(`entry-${state}`) });
    for (const button of panel.querySelectorAll("[data-row-states]")) button.hidden = !button.dataset.rowStates.split(" ").includes(state);
    this.mark();
    rows().find((row) => row.ariaPressed === "true")?.scrollIntoView({ block: "nearest" });
  }

  mark() {
    for (const row of rows()) row.ariaPressed = String(Number(row.dataset.entry) === this.row?.entry_id);
  }
}

function find(view, entryId) {
  return [...view.line, ...view.aside].find(({ entry_id }) => entry_id === entryId) ?? null;
}

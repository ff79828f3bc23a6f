/* The field that finds a number. Enter takes what stands there at once; what is typed from
   then on is another's and stays. Only the answer to the newest number asked for counts. */

import { get } from "/static/web/api.js";

export class NumberField {
  constructor(field) {
    Object.assign(this, { field, sought: null });
  }

  get isSought() {
    return this.sought !== null;
  }

  /* Nobody has typed or gone elsewhere since Enter: what is found may take the focus. */
  get isLeft() {
    return document.activeElement === this.field && this.field.value === "";
  }

  /* Returns whether there was anything to look for. */
  take() {
    const said = this.field.value.trim();
    if (!said) return false;
    this.sought = { said };
    this.field.value = "";
    return true;
  }

  /* What was asked for last, and the tickets found or the Problem of a search that failed. */
  async answer() {
    for (;;) {
      const { sought } = this;
      const found = await get(`/tickets/by-number/${encodeURIComponent(sought.said)}`).catch((problem) => problem);
      if (sought !== this.sought) continue;
      this.sought = null;
      return { ...sought, found };
    }
  }

  /* It stands in the field again; returns false if something else is there by now. */
  giveBack(said) {
    if (this.field.value !== "") return false;
    this.field.value = said;
    return true;
  }

  /* What is still looked for stands in the field again; returns it if it cannot. */
  takeBack() {
    const { sought } = this;
    this.sought = null;
    return sought && !this.giveBack(sought.said) ? sought.said : null;
  }
}

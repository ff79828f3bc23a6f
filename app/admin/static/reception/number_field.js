/* The field that finds a number. Enter takes what stands there at once; what is typed from
   then on is another's and stays. Only the answer for the newest number counts. */

import { get } from "/static/web/api.js";

export class NumberField {
  constructor(field) {
    Object.assign(this, { field, search: null });
  }

  get isSearching() {
    return this.search !== null;
  }

  /* Nobody has typed or gone elsewhere since Enter: what is found may take the focus. */
  get isLeft() {
    return document.activeElement === this.field && this.field.value === "";
  }

  /* Returns whether there was anything to look for. */
  take() {
    const typed = this.field.value.trim();
    if (!typed) return false;
    this.search = { typed };
    this.field.value = "";
    return true;
  }

  /* The number looked for last, and its tickets or the Problem of a search that failed. */
  async answer() {
    for (;;) {
      const { search } = this;
      const result = await get(`/tickets/by-number/${encodeURIComponent(search.typed)}`).catch((problem) => problem);
      if (search !== this.search) continue;
      this.search = null;
      return { ...search, result };
    }
  }

  /* It stands in the field again; returns false if something else is there by now. */
  restore(typed) {
    if (this.field.value !== "") return false;
    this.field.value = typed;
    return true;
  }

  /* What is still looked for stands in the field again; returns it if it cannot. */
  takeBack() {
    const { search } = this;
    this.search = null;
    return search && !this.restore(search.typed) ? search.typed : null;
  }
}

/* A number that is looked for waits its turn, and shows the ticket that has it. */

import { word } from "/static/web/words.js";
import { showTickets } from "/static/admin/reception/ticket_list.js";

export class Lookup {
  /* `field`: where the next visitor's service is typed. */
  constructor({ number, visit, panels, notice, queue, field, onRefused }) {
    Object.assign(this, { number, visit, panels, notice, queue, field, onRefused });
    queue.addSource(this);
  }

  get isWaiting() {
    return this.number.isSearching;
  }

  /* An empty field means the number that is shown, unless one is looked for. */
  start() {
    const isNewSearch = this.number.take();
    if (this.queue.isWorking) return;
    if (isNewSearch) {
      this.notice.clear();
      return this.queue.run(() => this.work());
    }
    if (this.visit.ticket) this.visit.focus();
    else this.notice.show("info", word("type-number"));
  }

  /* What the work before was refused for stays: nobody may have seen it yet. */
  async work() {
    const { typed, result } = await this.number.answer();
    if (Array.isArray(result) && result.length > 0) return this.show(result, typed);
    const isBack = this.number.restore(typed);
    if (Array.isArray(result)) return this.notice.showAfterWarning("warning", word("not-found", { number: typed }), word("look-again"));
    this.onRefused(result, isBack ? "" : notLookedUp(typed));
  }

  /* Of several none is offered to who types: their digits are not meant for it. */
  show(tickets, typed) {
    const focused = this.focusedField();
    if (tickets.length === 1) return this.showTicket(tickets[0], focused);
    if (focused) {
      this.number.restore(typed);
      return this.notice.showAfterWarning("warning", word("several-found", { number: typed }), word("look-to-choose"));
    }
    showTickets(tickets, (ticket) => this.showTicket(ticket, null));
    this.panels.open("tickets", null);
  }

  showTicket(ticket, focused) {
    this.panels.close();
    this.visit.show(ticket, "found");
    if (!focused) return this.visit.focus();
    // the chooser typed in is closed: letters without a field would be commands
    if (!focused.checkVisibility()) this.field.focus();
  }

  /* Whoever types meanwhile, here or for the next visitor, goes on typing. A button keeps no
     focus: Enter would press it for another ticket than it was meant for. */
  focusedField() {
    const now = document.activeElement;
    return !this.number.isLeft && now?.matches("input, textarea, select") ? now : null;
  }

  /* What is still looked for stands in the field again; returns what to say if it cannot. */
  takeBack() {
    const typed = this.number.takeBack();
    return typed ? notLookedUp(typed) : "";
  }
}

function notLookedUp(number) {
  return word("not-looked-up", { number });
}

/* A kiosk that holds a scarce number back counts the seconds until it gives the next
   (`data-ready-in`); the page is then fetched anew. */

const TICK_MS = 250;

export class Cooldown {
  constructor(onReady) {
    this.onReady = onReady;
    setInterval(() => this.tick(), TICK_MS);
  }

  /* A page has been shown. */
  begin() {
    this.element = document.querySelector("[data-ready-in]");
    if (this.element) this.at = Date.now() + Number(this.element.dataset.readyIn) * 1000;
  }

  tick() {
    if (!this.element) return;
    const left = Math.max(0, Math.ceil((this.at - Date.now()) / 1000));
    this.element.textContent = left;
    if (left > 0) return;
    this.element = null;
    this.onReady();
  }
}

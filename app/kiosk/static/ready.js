/* A kiosk that holds a scarce number back counts the seconds until it gives the next
   (`data-ready-in`); the page is then asked for anew. */

const TICK = 250;

export class Ready {
  constructor(onReady) {
    this.onReady = onReady;
    setInterval(() => this.tick(), TICK);
  }

  /* A page has been shown. */
  begin() {
    this.place = document.querySelector("[data-ready-in]");
    if (this.place) this.at = Date.now() + Number(this.place.dataset.readyIn) * 1000;
  }

  tick() {
    if (!this.place) return;
    const left = Math.max(0, Math.ceil((this.at - Date.now()) / 1000));
    this.place.textContent = left;
    if (left > 0) return;
    this.place = null;
    this.onReady();
  }
}

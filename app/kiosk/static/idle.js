/* How long a page waits for its visitor. `data-wait` says the seconds; each touch and
   key begins them anew. Fifteen seconds before the end a dialog asks, unless the page
   counts down visibly itself (`data-counts-down`) or only refreshes (`data-quiet`). */

const WARNING_SECONDS = 15;
const TICK_MS = 250;
const TOUCHES = ["pointerdown", "keydown", "input"];

export class Idle {
  constructor(onTimeout) {
    this.onTimeout = onTimeout;
    for (const touch of TOUCHES) addEventListener(touch, () => this.extend(), { passive: true });
    addEventListener("click", (event) => this.giveMoreTime(event));
    setInterval(() => this.tick(), TICK_MS);
  }

  /* A page has been shown. */
  begin() {
    const page = document.querySelector("[data-wait]");
    this.isQuiet = page.hasAttribute("data-quiet");
    this.counter = document.querySelector("[data-counts-down]");
    if (this.counter) this.counter.hidden = false;
    for (const button of document.querySelectorAll("[data-more-time]")) button.hidden = false;
    this.wait(Number(page.dataset.wait));
  }

  wait(seconds) {
    this.seconds = seconds;
    this.until = Date.now() + seconds * 1000;
    this.tick();
  }

  /* Takes nothing from the time that is left. */
  atLeast(seconds) {
    this.seconds = seconds;
    this.until = Math.max(this.until, Date.now() + seconds * 1000);
  }

  extend() {
    this.atLeast(this.seconds);
    document.querySelector("dialog[open]")?.close();
  }

  giveMoreTime({ target }) {
    const more = target.closest?.("[data-more-time]");
    if (more) this.wait(Number(more.dataset.moreTime));
  }

  tick() {
    const left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
    for (const element of document.querySelectorAll("[data-seconds-left]")) element.textContent = left;
    if (left === 0) this.onTimeout();
    else if (left <= WARNING_SECONDS) this.warn();
  }

  warn() {
    const dialog = document.querySelector("[data-still-there]");
    const isHidden = document.querySelector("[data-one-moment]").hidden;
    if (!this.isQuiet && !this.counter && isHidden && !dialog.open) dialog.showModal();
  }
}

/* Says how the last command went, in one spot of the page: notice.show("danger", title, advice).

   With `seconds` it counts down beside the words and then says `afterwards`. Only the
   words are a live region; the figure is for the eye and is not read out each second. */

const INFO_MS = 8000;

export class Notice {
  constructor(element = document.querySelector("[data-notice]")) {
    this.element = element;
    this.title = element.querySelector("[data-notice-title]");
    this.advice = element.querySelector("[data-notice-advice]");
    this.subject = this.paintedState = null;
    this.count = element.querySelector("[data-notice-count]");
  }

  show(kind, title, advice = "", { seconds = 0, afterwards = null } = {}) {
    this.stop();
    this.subject = this.paintedState;
    this.element.dataset.kind = kind;
    this.title.textContent = title;
    this.advice.textContent = advice;
    if (seconds > 0) this.countDown(seconds, afterwards);
    else if (kind === "info") this.timer = setTimeout(() => this.clear(), INFO_MS);
  }

  /* One more sentence to the notice that stands. */
  add(words) {
    this.advice.textContent = [this.advice.textContent, words].filter(Boolean).join(" ");
  }

  /* Says it after the warning that stands, if one does. */
  showAfterWarning(kind, title, advice = "") {
    const { kind: now } = this.element.dataset;
    if (now !== "warning" && now !== "danger") return this.show(kind, title, advice);
    this.add(title);
    this.add(advice);
  }

  /* The notice is about this state, painted already or about to be. */
  belongsTo(state) {
    this.subject = state;
  }

  /* A notice about another state than the painted one is outdated, but not while a command
     `isUnderWay`: then it is about the command. */
  clearIfOutdated(paintedState, isUnderWay) {
    this.paintedState = paintedState;
    if (this.subject !== paintedState && !isUnderWay) this.clear();
  }

  clear() {
    this.stop();
    this.element.dataset.kind = "";
    this.title.textContent = this.advice.textContent = "";
  }

  countDown(seconds, afterwards) {
    const until = performance.now() + seconds * 1000;
    const step = () => {
      const left = Math.ceil((until - performance.now()) / 1000);
      this.count.textContent = left;
      if (left > 0) return;
      if (afterwards) this.show("info", afterwards);
      else this.clear();
    };
    this.ticking = setInterval(step, 200);
    step();
  }

  stop() {
    clearTimeout(this.timer);
    clearInterval(this.ticking);
    this.count.textContent = "";
  }
}

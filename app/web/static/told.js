/* The one place that says how the last thing went: told.say("danger", title, advice).

   With `seconds` it counts down beside the words and then says `afterwards`. Only the
   words are a live region; the figure is for the eye and is not read out each second. */

const STAYS = 8000;

export class Told {
  constructor(place = document.querySelector("[data-told]")) {
    this.place = place;
    this.title = place.querySelector("[data-told-title]");
    this.advice = place.querySelector("[data-told-advice]");
    this.about = this.shown = null;
    this.count = place.querySelector("[data-told-count]");
  }

  say(kind, title, advice = "", { seconds = 0, afterwards = null } = {}) {
    this.stop();
    this.about = this.shown;
    this.place.dataset.kind = kind;
    this.title.textContent = title;
    this.advice.textContent = advice;
    if (seconds > 0) this.countDown(seconds, afterwards);
    else if (kind === "info") this.timer = setTimeout(() => this.clear(), STAYS);
  }

  /* One more sentence to what was just said. */
  add(words) {
    this.advice.textContent = [this.advice.textContent, words].filter(Boolean).join(" ");
  }

  /* Says it after the warning that stands, if one does. */
  also(kind, title, advice = "") {
    const { kind: now } = this.place.dataset;
    if (now !== "warning" && now !== "danger") return this.say(kind, title, advice);
    this.add(title);
    this.add(advice);
  }

  /* What was just said is true of this state, shown already or about to be. */
  belongsTo(state) {
    this.about = state;
  }

  /* What was said of another state than the one that is `shown` now is over, but not
     what is said while a command `isUnderWay`: that is about the command. */
  keepTrue(shown, isUnderWay) {
    this.shown = shown;
    if (this.about !== shown && !isUnderWay) this.clear();
  }

  clear() {
    this.stop();
    this.place.dataset.kind = "";
    this.title.textContent = this.advice.textContent = "";
  }

  countDown(seconds, afterwards) {
    const until = performance.now() + seconds * 1000;
    const step = () => {
      const left = Math.ceil((until - performance.now()) / 1000);
      this.count.textContent = left;
      if (left > 0) return;
      if (afterwards) this.say("info", afterwards);
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

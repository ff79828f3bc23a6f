/* A field that finds services, and the list under it: arrows choose, Enter takes.

   Enter may come before the answer to the last letter: `taken()` waits for that one, so
   that the first match of what was typed is taken and never of what was typed before. */

import { get } from "/static/web/api.js";
import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";

const language = document.documentElement.lang;
const PAUSE = 60;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class Matches {
  constructor(field, list, { most, onNone = () => {}, tellsState = true }) {
    Object.assign(this, { field, list, most, onNone, tellsState, found: [], at: 0, asked: "", shown: "", answer: Promise.resolve() });
    field.addEventListener("input", () => this.ask(PAUSE));
    field.addEventListener("keydown", (event) => this.step(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => this.choose([...list.children].indexOf(event.target.closest("li"))));
  }

  get text() {
    return this.field.value.trim();
  }

  ask(pause = 0) {
    if (this.text === this.asked) return;
    const text = (this.asked = this.text);
    this.answer = new Promise((resolve) => setTimeout(resolve, pause)).then(() => this.search(text));
    this.answer.catch(() => {}); // whoever waits for it is told
  }

  async search(text) {
    if (text !== this.asked) return;
    try {
      const found = await foundFor(text);
      if (text === this.asked) this.show(found, text);
    } catch (problem) {
      if (text === this.asked) this.asked = null; // the next Enter asks again
      throw problem;
    }
  }

  show(found, text) {
    this.shown = text;
    this.found = found.slice(0, this.most).map((one) => ({ ...one, ...serviceOf(one.service_id) }));
    this.at = 0;
    this.paint();
    this.onNone(text !== "" && found.length === 0);
  }

  /* The match that Enter takes, or null; throws the Problem of a search that failed. */
  async taken() {
    this.ask();
    let heard;
    do await (heard = this.answer); while (heard !== this.answer);
    return this.found[this.at] ?? null;
  }

  /* The same, and the field is empty at once: what is typed from now on is another's. */
  take() {
    const { text } = this;
    const isKnown = this.shown === text;
    const match = isKnown ? Promise.resolve(this.found[this.at] ?? null) : firstOf(text);
    match.catch(() => {}); // whoever waits for it is told
    this.clear();
    return match;
  }

  clear(text = "") {
    this.field.value = text;
    if (text) return this.ask();
    this.asked = "";
    this.answer = Promise.resolve();
    this.show([], "");
  }

  step(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.choose(Math.min(Math.max(this.at + step, 0), this.found.length - 1));
  }

  choose(at) {
    if (at < 0) return;
    this.at = at;
    this.mark();
  }

  paint() {
    this.list.replaceChildren(...this.found.map((match, at) => this.row(match, at)));
    this.field.ariaExpanded = String(this.found.length > 0);
    this.mark();
  }

  /* What is open may have changed since: the same matches, newly told. */
  repaint() {
    this.found = this.found.map((one) => ({ ...one, ...serviceOf(one.service_id) }));
    this.paint();
  }

  row(match, at) {
    const made = piece("piece-match");
    const row = made.querySelector("li");
    row.id = `${this.list.id}-${at}`;
    row.querySelector("[data-agency]").textContent = match.agency;
    row.querySelector("[data-name]").textContent = match.name;
    if (this.tellsState) tellState(row, match);
    return made;
  }

  mark() {
    [...this.list.children].forEach((row, at) => {
      row.ariaSelected = String(at === this.at);
    });
    const chosen = this.list.children[this.at];
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }
}

async function foundFor(text) {
  return text ? get(`/search?q=${encodeURIComponent(text)}&language=${language}`) : [];
}

async function firstOf(text) {
  const [first] = await foundFor(text);
  return first ? { ...first, ...serviceOf(first.service_id) } : null;
}

function tellState(row, { closed, waiting }) {
  row.classList.toggle("match--closed", Boolean(closed));
  row.querySelector("[data-state-of]").textContent = closed ?? (waiting === undefined ? "" : word("waiting-there", { count: waiting }));
}

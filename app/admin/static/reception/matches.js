/* A field that finds services, and the list under it: arrows choose, Enter takes.

   Enter may come before the answer to the last letter: `pendingMatch()` waits for that one, so
   that the first match of what was typed is taken and never of what was typed before. */

import { get } from "/static/web/api.js";
import { piece, word } from "/static/web/words.js";
import { serviceOf } from "/static/admin/reception/services.js";

const language = document.documentElement.lang;
const PAUSE_MS = 60;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

export class Matches {
  constructor(field, list, { max, onNoMatch = () => {}, showsState = true }) {
    Object.assign(this, { field, list, max, onNoMatch, showsState, results: [], index: 0, searchedText: "", shownText: "", answer: Promise.resolve() });
    field.addEventListener("input", () => this.scheduleSearch(PAUSE_MS));
    field.addEventListener("keydown", (event) => this.step(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => this.choose([...list.children].indexOf(event.target.closest("li"))));
  }

  get text() {
    return this.field.value.trim();
  }

  scheduleSearch(pause = 0) {
    if (this.text === this.searchedText) return;
    const text = (this.searchedText = this.text);
    this.answer = new Promise((resolve) => setTimeout(resolve, pause)).then(() => this.search(text));
    this.answer.catch(() => {}); // whoever waits for it has the error
  }

  async search(text) {
    if (text !== this.searchedText) return;
    try {
      const results = await searchServices(text);
      if (text === this.searchedText) this.show(results, text);
    } catch (problem) {
      if (text === this.searchedText) this.searchedText = null; // the next Enter asks again
      throw problem;
    }
  }

  show(results, text) {
    this.shownText = text;
    this.results = results.slice(0, this.max).map((one) => ({ ...one, ...serviceOf(one.service_id) }));
    this.index = 0;
    this.paint();
    this.onNoMatch(text !== "" && results.length === 0);
  }

  /* The match that Enter takes, or null; throws the Problem of a search that failed. */
  async pendingMatch() {
    this.scheduleSearch();
    let pending;
    do await (pending = this.answer); while (pending !== this.answer);
    return this.results[this.index] ?? null;
  }

  /* The same, and the field is empty at once: what is typed from now on is another's. */
  take() {
    const { text } = this;
    const isKnown = this.shownText === text;
    const match = isKnown ? Promise.resolve(this.results[this.index] ?? null) : firstMatch(text);
    match.catch(() => {}); // whoever waits for it has the error
    this.clear();
    return match;
  }

  clear(text = "") {
    this.field.value = text;
    if (text) return this.scheduleSearch();
    this.searchedText = "";
    this.answer = Promise.resolve();
    this.show([], "");
  }

  step(event) {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.choose(Math.min(Math.max(this.index + step, 0), this.results.length - 1));
  }

  choose(index) {
    if (index < 0) return;
    this.index = index;
    this.mark();
  }

  paint() {
    this.list.replaceChildren(...this.results.map((match, index) => this.row(match, index)));
    this.field.ariaExpanded = String(this.results.length > 0);
    this.mark();
  }

  /* What is open may have changed since: the same matches, painted anew. */
  repaint() {
    this.results = this.results.map((one) => ({ ...one, ...serviceOf(one.service_id) }));
    this.paint();
  }

  row(match, index) {
    const fragment = piece("piece-match");
    const row = fragment.querySelector("li");
    row.id = `${this.list.id}-${index}`;
    row.querySelector("[data-agency]").textContent = match.agency;
    row.querySelector("[data-name]").textContent = match.name;
    if (this.showsState) showState(row, match);
    return fragment;
  }

  mark() {
    [...this.list.children].forEach((row, index) => {
      row.ariaSelected = String(index === this.index);
    });
    const chosen = this.list.children[this.index];
    if (chosen) this.field.setAttribute("aria-activedescendant", chosen.id);
    else this.field.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }
}

async function searchServices(text) {
  return text ? get(`/search?q=${encodeURIComponent(text)}&language=${language}`) : [];
}

async function firstMatch(text) {
  const [first] = await searchServices(text);
  return first ? { ...first, ...serviceOf(first.service_id) } : null;
}

function showState(row, { closed, waiting }) {
  row.classList.toggle("match--closed", Boolean(closed));
  row.querySelector("[data-match-state]").textContent = closed ?? (waiting === undefined ? "" : word("waiting-there", { count: waiting }));
}

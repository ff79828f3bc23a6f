/* What the new number is to be: people, class, assistance, language, several services. */

import { piece, word } from "/static/web/words.js";

export const MOST_SERVICES = 5;

/* Services with one more; the same twice is once. */
export function withOneMore(services, service) {
  if (!service || services.some(({ service_id }) => service_id === service.service_id)) return services;
  return [...services, service];
}

export class Wish {
  constructor(place, peopleMax) {
    this.place = place;
    this.peopleMax = peopleMax;
    this.languages = JSON.parse(place.dataset.languages);
    this.reset();
    find(place, "wish-said").textContent = ""; // how it begins is no news
  }

  /* The mall's first language is the slip's, unless another is chosen. */
  reset(to = {}) {
    const plain = { services: [], people: 1, priority: "regular", assistance: false, language: this.languages[0][0] };
    Object.assign(this, plain, to);
    this.paint();
  }

  get all() {
    const { services, people, priority, assistance, language } = this;
    return { services, people, priority, assistance, language };
  }

  count(step) {
    this.people = Math.min(Math.max(this.people + step, 1), this.peopleMax);
    this.paint();
  }

  /* The same class again: none. */
  setClass(name) {
    this.priority = this.priority === name ? "regular" : name;
    this.paint();
  }

  setAssistance() {
    this.assistance = !this.assistance;
    this.paint();
  }

  /* The next of the mall's languages, and round again. */
  nextLanguage() {
    const at = this.languages.findIndex(([code]) => code === this.language);
    this.language = this.languages[(at + 1) % this.languages.length][0];
    this.paint();
  }

  setServices(services) {
    this.services = services;
    this.paint();
  }

  leaveOut(at) {
    this.setServices(this.services.filter((_, index) => index !== at));
  }

  paint() {
    find(this.place, "people-count").textContent = this.peopleWord;
    find(this.place, "assistance").ariaPressed = String(this.assistance);
    for (const button of this.place.querySelectorAll("[data-class]")) button.ariaPressed = String(button.dataset.class === this.priority);
    this.paintLanguage();
    const chosen = find(this.place, "chosen");
    chosen.hidden = this.services.length === 0;
    chosen.replaceChildren(...this.services.map(chip));
    this.say();
  }

  get peopleWord() {
    return this.people === 1 ? word("one-person") : word("people", { count: this.people });
  }

  paintLanguage() {
    const place = find(this.place, "language-name");
    if (!place) return;
    const [code, name] = this.languages.find(([each]) => each === this.language);
    Object.assign(place, { lang: code, textContent: name });
    place.closest("button").classList.toggle("wish__language--other", code !== this.languages[0][0]);
  }

  /* A key pressed in the field changes something elsewhere: said to who does not see it. */
  say() {
    const pressed = [...this.place.querySelectorAll('.classes [aria-pressed="true"] .action__label')];
    const language = find(this.place, "language-name");
    const facts = [this.peopleWord, ...pressed.map(({ textContent }) => textContent), language?.textContent];
    const said = facts.filter(Boolean).join(", ");
    if (this.said !== said) find(this.place, "wish-said").textContent = said;
    this.said = said;
  }
}

/* A service on the number, and how to leave it out again. */
export function chip({ agency, name }) {
  const made = piece("piece-chosen");
  made.querySelector("[data-name]").textContent = `${agency} ${name}`;
  made.querySelector("[data-remove]").textContent = word("remove", { service: name });
  return made;
}

function find(place, name) {
  return place.querySelector(`[data-${name}]`);
}

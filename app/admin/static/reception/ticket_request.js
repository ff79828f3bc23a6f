/* What the new number is to be: people, class, assistance, language, several services. */

import { piece, word } from "/static/web/words.js";

/* Services with one more; the same twice is once. */
export function withOneMore(services, service) {
  if (!service || services.some(({ service_id }) => service_id === service.service_id)) return services;
  return [...services, service];
}

export class TicketRequest {
  constructor(element, peopleMax) {
    this.element = element;
    this.peopleMax = peopleMax;
    this.languages = JSON.parse(element.dataset.languages);
    this.reset();
    find(element, "request-announcement").textContent = ""; // how it begins is no news
  }

  /* The mall's first language is the slip's, unless another is chosen. */
  reset(values = {}) {
    const defaults = { services: [], people: 1, priority: "regular", assistance: false, language: this.languages[0][0] };
    Object.assign(this, defaults, values);
    this.paint();
  }

  get fields() {
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
    const position = this.languages.findIndex(([code]) => code === this.language);
    this.language = this.languages[(position + 1) % this.languages.length][0];
    this.paint();
  }

  setServices(services) {
    this.services = services;
    this.paint();
  }

  leaveOut(position) {
    this.setServices(this.services.filter((_, index) => index !== position));
  }

  paint() {
    find(this.element, "people-count").textContent = this.peopleWord;
    find(this.element, "assistance").ariaPressed = String(this.assistance);
    for (const button of this.element.querySelectorAll("[data-class]")) button.ariaPressed = String(button.dataset.class === this.priority);
    this.paintLanguage();
    const chosen = find(this.element, "selected-services");
    chosen.hidden = this.services.length === 0;
    chosen.replaceChildren(...this.services.map(chip));
    this.announce();
  }

  get peopleWord() {
    return this.people === 1 ? word("one-person") : word("people", { count: this.people });
  }

  paintLanguage() {
    const element = find(this.element, "language-name");
    if (!element) return;
    const [code, name] = this.languages.find(([each]) => each === this.language);
    Object.assign(element, { lang: code, textContent: name });
    element.closest("button").classList.toggle("request__language--other", code !== this.languages[0][0]);
  }

  /* A key pressed in the field changes something elsewhere: a screen reader speaks it. */
  announce() {
    const pressed = [...this.element.querySelectorAll('.classes [aria-pressed="true"] .action__label')];
    const language = find(this.element, "language-name");
    const facts = [this.peopleWord, ...pressed.map(({ textContent }) => textContent), language?.textContent];
    const text = facts.filter(Boolean).join(", ");
    if (this.text !== text) find(this.element, "request-announcement").textContent = text;
    this.text = text;
  }
}

/* A service on the number, and how to leave it out again. */
export function chip({ agency, name }) {
  const fragment = piece("piece-chosen");
  fragment.querySelector("[data-name]").textContent = `${agency} ${name}`;
  fragment.querySelector("[data-remove]").textContent = word("remove", { service: name });
  return fragment;
}

function find(element, name) {
  return element.querySelector(`[data-${name}]`);
}

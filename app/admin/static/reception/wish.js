/* What the new number is to be: people, class, assistance, several services. */

import { piece, word } from "/static/web/words.js";

export const MOST_SERVICES = 5;
const PLAIN = { services: [], people: 1, priority: "regular", assistance: false };

export class Wish {
  constructor(place, peopleMax) {
    this.place = place;
    this.peopleMax = peopleMax;
    this.reset();
  }

  reset(to = PLAIN) {
    Object.assign(this, PLAIN, to);
    this.paint();
  }

  get isPlain() {
    return this.services.length === 0 && this.people === 1 && this.priority === "regular" && !this.assistance;
  }

  get all() {
    return { services: this.services, people: this.people, priority: this.priority, assistance: this.assistance };
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

  /* The services with one more; the same twice is once. */
  with(service) {
    if (!service || this.services.some(({ service_id }) => service_id === service.service_id)) return this.services;
    return [...this.services, service];
  }

  setServices(services) {
    this.services = services;
    this.paint();
  }

  leaveOut(at) {
    this.setServices(this.services.filter((_, index) => index !== at));
  }

  paint() {
    const find = (name) => this.place.querySelector(`[data-${name}]`);
    find("people-count").textContent = this.people === 1 ? word("one-person") : word("people", { count: this.people });
    find("assistance").ariaPressed = String(this.assistance);
    for (const button of this.place.querySelectorAll("[data-class]")) button.ariaPressed = String(button.dataset.class === this.priority);
    const chosen = find("chosen");
    if (!chosen) return;
    chosen.hidden = this.services.length === 0;
    chosen.replaceChildren(...this.services.map(row));
  }
}

function row({ agency, name }) {
  const made = piece("piece-chosen");
  made.querySelector("[data-name]").textContent = `${agency} ${name}`;
  made.querySelector("[data-remove]").textContent = word("remove", { service: name });
  return made;
}

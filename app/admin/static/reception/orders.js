/* The numbers to give: each is an order, which waits its turn. Enter takes what stands in
   the field as one order; what is typed or pressed from then on is the next visitor's. */

import { word } from "/static/web/words.js";
import { MAX_SERVICES } from "/static/admin/reception/services.js";
import { withOneMore } from "/static/admin/reception/ticket_request.js";

const MIN_LETTERS = 3;
const letters = (text) => text.match(/\p{L}/gu)?.length ?? 0;
const textsOf = ({ addedServices = [], text }) => [...addedServices.map((one) => one.text), text];
const refuseNoMatch = () => ["warning", word("no-match")];
const refuseTooMany = () => ["warning", word("five-services")];

export class Orders {
  /* `send(body)` returns the ticket; `onRefused(refusal, more)` says why one is not given. */
  constructor({ matches, request, notice, queue, send, onGiven, onRefused }) {
    Object.assign(this, { matches, request, notice, queue, send, onGiven, onRefused });
    this.waiting = [];
    this.adding = []; // services that "," took, while they are searched
    queue.addSource(this);
  }

  get isWaiting() {
    return this.waiting.length > 0;
  }

  submit() {
    const { matches, request, notice } = this;
    const { text } = matches;
    // a number typed here by mistake leaves its letter, and its digits would choose a class
    if (text && letters(text) < MIN_LETTERS) return notice.show("warning", word("three-letters"), word("find-advice"));
    if (!text && request.services.length + this.adding.length === 0) return this.queue.isWorking || notice.show("info", word("type-first"));
    this.waiting.push({ text, match: matches.take(), fields: request.fields, addedServices: this.adding.splice(0) });
    request.reset();
    matches.field.focus();
    this.queue.run(() => this.work());
  }

  async work() {
    while (this.isWaiting) {
      const refusal = await this.give(this.waiting[0]).catch((problem) => problem);
      const order = this.waiting.shift();
      if (refusal) return this.onRefused(refusal, this.takeBack(order));
    }
  }

  /* Returns why it was not given, as words to say; throws the Problem that refused it. */
  async give({ text, match, addedServices, fields }) {
    while (addedServices.length > 0) {
      const one = await addedServices[0].match;
      if (!one) return refuseNoMatch();
      fields.services = withOneMore(fields.services, one);
      addedServices.shift();
    }
    const chosen = await match;
    const services = withOneMore(fields.services, chosen);
    if (text && !chosen) return refuseNoMatch();
    if (services.length > MAX_SERVICES) return refuseTooMany();
    const { services: _, ...other } = fields;
    this.onGiven(await this.send({ service_ids: services.map(({ service_id }) => service_id), ...other }));
    return null;
  }

  /* It stands in the field again; returns what was typed after it, to say: nobody has it. */
  takeBack(order) {
    const [again, ...rest] = textsOf(order);
    const others = [...this.waiting.splice(0), ...this.adding.splice(0)].flatMap(textsOf);
    const after = [...rest, ...others, this.matches.text].filter(Boolean);
    this.matches.clear(again);
    this.request.reset(order.fields);
    return after.length > 0 ? word("not-given-either", { words: after.join(", ") }) : "";
  }

  /* The same of all that waits, when nothing can be sent. */
  takeBackAll() {
    if (this.isWaiting) return this.takeBack(this.waiting.shift());
    const texts = this.adding.splice(0).map(({ text }) => text);
    return texts.length > 0 ? word("not-added", { words: texts.join(", ") }) : "";
  }

  /* Takes what stands there as one of several services; what is typed on is another. */
  addService() {
    const { text } = this.matches;
    this.matches.field.focus();
    if (!text) return this.notice.show("info", word("type-first"));
    this.adding.push({ text, match: this.matches.take() });
    if (this.adding.length === 1) this.addAll();
  }

  /* In the order in which they were typed: the first gives the number its letter. */
  async addAll() {
    while (this.adding.length > 0) {
      const [one] = this.adding;
      const chosen = await one.match.catch((problem) => problem);
      if (this.adding[0] !== one) continue; // a number that was ordered took it along
      this.adding.shift();
      const refusal = this.add(chosen);
      if (refusal) this.refuse(one, refusal);
    }
  }

  add(chosen) {
    if (chosen instanceof Error) return chosen;
    if (!chosen) return refuseNoMatch();
    const services = withOneMore(this.request.services, chosen);
    if (services.length > MAX_SERVICES) return refuseTooMany();
    this.request.setServices(services);
    return null;
  }

  refuse({ text }, refusal) {
    const isBack = this.matches.text === "";
    if (isBack) this.matches.clear(text);
    this.onRefused(refusal, isBack ? "" : word("not-added", { words: text }));
  }

  /* What is typed and pressed is nobody's any more; an order is somebody's. */
  clear() {
    this.adding.length = 0;
    this.matches.clear();
    this.request.reset();
  }
}

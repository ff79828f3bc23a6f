/* What the server sent of this counter: read here, never worked out. */

const ACTIVE = new Set(document.querySelector("[data-console]").dataset.activeStates.split(" "));

/* The one word that says which buttons there are: closed, taken, paused, idle, called
   or serving. `taken`: somebody else holds it, and I may only look on. */
export function stateOf(counter, me) {
  if (counter.holder === null) return "closed";
  if (counter.holder.id !== me.id && !me.supervises) return "taken";
  if (counter.ticket !== null) return counter.ticket.state;
  // a break that has begun: whoever was served was the last before it
  return counter.state === "paused" || counter.pause ? "paused" : "idle";
}

/* The view after a command's answer: a counter, a ticket, "serve next"'s two tickets,
   or null when nobody could be called. Lines and sums wait for the snapshot. */
export function viewAfter(view, answer) {
  if (answer === null) return view;
  if ("holder" in answer) return { ...view, counter: answer };
  // what was reported is of the call before, and comes with the next snapshot
  const ticket = "served" in answer ? answer.called : answer;
  const before = view.counter.ticket;
  const isHere = ACTIVE.has(ticket?.state) && ticket.counter_id === view.counter.id;
  // a requeue, say, is about somebody who is not at the counter
  const isAnother = ticket !== null && before !== null && ticket.id !== before.id;
  const remaining = isAnother && !("served" in answer) ? before : null;
  return { ...view, receipt: null, counter: { ...view.counter, ticket: isHere ? ticket : remaining } };
}

/* The view after a refusal, which carries the counter as it stands. */
export function viewAfterRefusal(view, problem) {
  const counter = problem.body.counter;
  return counter ? { ...view, counter } : view;
}

export function serviceName(view, id) {
  const service = view.services.find(({ service_id }) => service_id === id);
  if (!service) return null;
  return document.documentElement.lang === "en" ? service.name_en || service.name : service.name;
}

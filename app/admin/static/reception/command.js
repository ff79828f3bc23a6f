/* Commands on the ticket that is shown: where each goes, and one that goes several times. */

/* A copy is of the ticket as it is, whatever was done with it meanwhile. */
const PLAIN = new Set(["reprint"]);
const CANCELLABLE = new Set(["reserved", "waiting", "called", "parked", "no_show"]);
/* The class belongs to the whole ticket, the others to one leg. */
const OF_THE_TICKET = new Set(["priority"]);
/* The lines that the last duplicate's one key ended, so that one key takes them back. */
let ended = { ticketId: null, legs: [] };

/* Sends it and returns the ticket as it then is; throws the Problem that refused it. */
export async function command(sender, name, body, { ticket, leg }) {
  if (name === "duplicate") return duplicate(sender, ticket);
  if (name === "undo" && ended.ticketId === ticket.id) return undoDuplicate(sender, ticket);
  ended = { ticketId: null, legs: [] };
  return sender.send(pathOf(ticket, name), bodyOf(name, body, ticket, leg));
}

function pathOf(ticket, name) {
  return `/tickets/by-id/${ticket.id}/${name}`;
}

function bodyOf(name, body, { version }, leg) {
  if (PLAIN.has(name)) return body;
  if (OF_THE_TICKET.has(name)) return { ...body, version };
  return { ...body, version, entry_id: leg.id };
}

/* Somebody else's duplicate is cancelled in every line where it still waits. */
async function duplicate(sender, ticket) {
  let now = ticket;
  ended = { ticketId: ticket.id, legs: [] };
  for (const leg of ticket.entries.filter(({ state }) => CANCELLABLE.has(state))) {
    now = await sender.send(pathOf(ticket, "cancel"), { reason: "duplicate", entry_id: leg.id, version: now.version });
    ended.legs.push(leg.id);
  }
  return now;
}

async function undoDuplicate(sender, ticket) {
  let now = ticket;
  const { legs } = ended;
  ended = { ticketId: null, legs: [] }; // a refusal leaves the rest to be chosen singly
  for (const id of legs) {
    now = await sender.send(pathOf(ticket, "undo"), { entry_id: id, version: now.version });
  }
  return now;
}

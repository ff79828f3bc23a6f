/* Commands on the ticket that is shown: where each goes, and what it is about. */

/* A copy is of the ticket as it is, whatever was done with it meanwhile. */
const WITHOUT_VERSION = new Set(["reprint"]);
/* The class belongs to the whole ticket, and a duplicate ends in all its lines as one. */
const OF_THE_TICKET = new Set(["priority", "duplicate"]);
const SENT_AS = { duplicate: ["cancel", { reason: "duplicate", every_line: true }] };

/* Sends it and returns the ticket as it then is; throws the Problem that refused it. */
export async function command(sender, name, body, { ticket, entry, entryId }) {
  const [path, fields] = SENT_AS[name] ?? [name, {}];
  const target = WITHOUT_VERSION.has(name) ? {} : { version: ticket.version, ...entryOf(name, entry, entryId) };
  return sender.send(`/tickets/by-id/${ticket.id}/${path}`, { ...body, ...fields, ...target });
}

/* Undo takes back what was last done here, in whichever entry, unless somebody chose one. */
function entryOf(name, entry, entryId) {
  if (OF_THE_TICKET.has(name)) return {};
  return { entry_id: name === "undo" ? entryId : entry.id };
}

/* Commands on the ticket that is shown: where each goes, and what it is about. */

/* A copy is of the ticket as it is, whatever was done with it meanwhile. */
const PLAIN = new Set(["reprint"]);
/* The class belongs to the whole ticket, and a duplicate ends in all its lines as one. */
const OF_THE_TICKET = new Set(["priority", "duplicate"]);
const SENT_AS = { duplicate: ["cancel", { reason: "duplicate", every_line: true }] };

/* Sends it and returns the ticket as it then is; throws the Problem that refused it. */
export async function command(sender, name, body, { ticket, leg, legId }) {
  const [sent, more] = SENT_AS[name] ?? [name, {}];
  const about = PLAIN.has(name) ? {} : { version: ticket.version, ...legOf(name, leg, legId) };
  return sender.send(`/tickets/by-id/${ticket.id}/${sent}`, { ...body, ...more, ...about });
}

/* Undo takes back what was last done here, in whichever leg, unless somebody chose one. */
function legOf(name, leg, legId) {
  if (OF_THE_TICKET.has(name)) return {};
  return { entry_id: name === "undo" ? legId : leg.id };
}

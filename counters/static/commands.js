/* Where a command goes and what it says; the same for a key, a touch and a form.

   `chosen` is the row that was chosen from the line or from those set aside. The version
   belongs to the ticket at this counter, so only commands about that one carry it. */

import { serverTime } from "/static/web/time.js";

const ABOUT_CHOSEN = new Set(["call", "resume", "take"]);
const FORMS = { park, transfer };

export function asked(command, body, { counter, chosen }) {
  const path = `/counters/${counter.id}/${command}`;
  if (command === "undo") return { path, body };
  if (command === "requeue") return { path: `/tickets/by-id/${chosen.ticket_id}/requeue`, body: { entry_id: chosen.entry_id } };
  if (ABOUT_CHOSEN.has(command)) return { path, body: { ...body, ticket_id: chosen.ticket_id } };
  const said = FORMS[command]?.(body) ?? body;
  return { path, body: counter.ticket ? { ...said, version: counter.ticket.version } : said };
}

/* Of which number the page then speaks, unless the answer says it. */
export function numberOf(command, { counter, chosen }) {
  return command === "requeue" || ABOUT_CHOSEN.has(command) ? chosen.number : counter.ticket?.number;
}

function park({ reason, remind_minutes: minutes }) {
  const said = reason ? { reason } : {};
  if (minutes) said.remind_at = new Date(serverTime() + Number(minutes) * 60_000).toISOString();
  return said;
}

function transfer({ service_id, position, back, note }) {
  const said = { service_id: Number(service_id), position, back: back === "on" };
  if (note.trim()) said.note = note.trim();
  return said;
}

/* Where a command goes and what it carries; the same for a key, a touch and a form.

   `selected` is the row that was chosen from the line or from those set aside. The version
   belongs to the ticket at this counter, so only commands about that one carry it. */

import { serverTime } from "/static/web/time.js";

const ABOUT_SELECTED = new Set(["call", "resume", "take"]);
const FORMS = { park, transfer };

export function commandRequest(command, body, { counter, selected }) {
  const path = `/counters/${counter.id}/${command}`;
  if (command === "undo") return { path, body };
  if (command === "requeue") return { path: `/tickets/by-id/${selected.ticket_id}/requeue`, body: { entry_id: selected.entry_id } };
  if (ABOUT_SELECTED.has(command)) return { path, body: { ...body, ticket_id: selected.ticket_id } };
  const fields = FORMS[command]?.(body) ?? body;
  return { path, body: counter.ticket ? { ...fields, version: counter.ticket.version } : fields };
}

/* The number that the notice then names, unless the answer has one. */
export function numberOf(command, { counter, selected }) {
  return command === "requeue" || ABOUT_SELECTED.has(command) ? selected.number : counter.ticket?.number;
}

function park({ reason, remind_minutes: minutes }) {
  const fields = reason ? { reason } : {};
  if (minutes) fields.remind_at = new Date(serverTime() + Number(minutes) * 60_000).toISOString();
  return fields;
}

function transfer({ service_id, position, back, note }) {
  const fields = { service_id: Number(service_id), position, back: back === "on" };
  if (note.trim()) fields.note = note.trim();
  return fields;
}

/* The mall's printers by name, and which of them this PC prints at: kept on this PC. */

import { piece } from "/static/web/words.js";

const AT_DESK = "antrean-reception-printer";
const OF_COPIES = "antrean-reception-copies";
const KEYS = 9;
const choice = document.querySelector("[data-printer]");
const list = document.querySelector("[data-printers]");
const printers = [...(choice?.options ?? [])].filter(({ value }) => value).map(({ value, text }) => ({ id: Number(value), name: text }));

export const severalPrinters = printers.length > 1;

export function printerName(id) {
  return printers.find((each) => each.id === id)?.name ?? null;
}

/* Where numbers given here come out, as a command's body: nowhere unless one is chosen. */
export function atDesk() {
  return choice?.value ? { printer_id: Number(choice.value) } : {};
}

/* Where a copy comes out without asking: the one there is; else the first slip's. */
export function ofCopy() {
  return printers.length === 1 ? { printer_id: printers[0].id } : {};
}

/* A copy that came out somewhere is likely to be wanted there again; the desk's choice
   for new numbers stays as it is. */
export function rememberCopy({ printer_id: id }) {
  if (id) localStorage.setItem(OF_COPIES, id);
}

/* Offers the printers, 1 to 9 or a touch; Enter is the one remembered on this PC. */
export function offerPrinters(before) {
  list.replaceChildren(...printers.map(row));
  const likely = [choice.value, localStorage.getItem(OF_COPIES), String(before ?? "")].find((id) => printerName(Number(id)));
  const buttons = [...list.querySelectorAll("button")];
  return buttons.find(({ dataset }) => JSON.parse(dataset.body).printer_id === Number(likely)) ?? buttons[0];
}

function row({ id, name }, at) {
  const made = piece("piece-printer");
  const button = made.querySelector("button");
  button.dataset.body = JSON.stringify({ printer_id: id });
  made.querySelector("[data-name]").textContent = name;
  made.querySelector("[data-cap]").hidden = at >= KEYS;
  made.querySelector("[data-cap]").textContent = at + 1;
  if (at < KEYS) button.dataset.key = at + 1;
  return made;
}

if (choice) {
  const kept = localStorage.getItem(AT_DESK);
  if (printerName(Number(kept))) choice.value = kept;
  choice.addEventListener("change", () => localStorage.setItem(AT_DESK, choice.value));
}

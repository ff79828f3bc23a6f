/* The mall's printers by name, and which of them this PC prints at: kept on this PC. */

import { piece } from "/static/web/words.js";

const DESK_KEY = "antrean-reception-printer";
const COPIES_KEY = "antrean-reception-copies";
const MAX_KEYS = 9;
const choice = document.querySelector("[data-printer]");
const list = document.querySelector("[data-printers]");
const printers = [...(choice?.options ?? [])].filter(({ value }) => value).map(({ value, text }) => ({ id: Number(value), name: text }));

export const severalPrinters = printers.length > 1;

export function printerName(id) {
  return printers.find((each) => each.id === id)?.name ?? null;
}

/* Where numbers given here come out, as a command's body: nowhere unless one is chosen. */
export function deskPrinter() {
  return choice?.value ? { printer_id: Number(choice.value) } : {};
}

/* Where a copy comes out without asking: the one there is; else the first slip's. */
export function copyPrinter() {
  return printers.length === 1 ? { printer_id: printers[0].id } : {};
}

/* A copy that came out somewhere is likely to be wanted there again; the desk's choice
   for new numbers stays as it is. */
export function rememberCopy({ printer_id: id }) {
  if (id) localStorage.setItem(COPIES_KEY, id);
}

/* Offers the printers, 1 to 9 or a touch; Enter is the one remembered on this PC. */
export function offerPrinters(before) {
  list.replaceChildren(...printers.map(row));
  const likely = [choice.value, localStorage.getItem(COPIES_KEY), String(before ?? "")].find((id) => printerName(Number(id)));
  const buttons = [...list.querySelectorAll("button")];
  return buttons.find(({ dataset }) => JSON.parse(dataset.body).printer_id === Number(likely)) ?? buttons[0];
}

function row({ id, name }, index) {
  const fragment = piece("piece-printer");
  const button = fragment.querySelector("button");
  button.dataset.body = JSON.stringify({ printer_id: id });
  fragment.querySelector("[data-name]").textContent = name;
  fragment.querySelector("[data-cap]").hidden = index >= MAX_KEYS;
  fragment.querySelector("[data-cap]").textContent = index + 1;
  if (index < MAX_KEYS) button.dataset.key = index + 1;
  return fragment;
}

if (choice) {
  const stored = localStorage.getItem(DESK_KEY);
  if (printerName(Number(stored))) choice.value = stored;
  choice.addEventListener("change", () => localStorage.setItem(DESK_KEY, choice.value));
}

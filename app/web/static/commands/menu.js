/* The menu: shut by Escape or a press elsewhere; the switch for single keys. */

import { setSingleKeys, singleKeys } from "/static/web/commands/keys.js";

const menu = document.querySelector(".menu");
const keysSwitch = document.querySelector("[data-single-keys]");

export const isMenuOpen = () => menu.open;

document.addEventListener("pointerdown", (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});

menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

keysSwitch.addEventListener("change", () => showKeys(keysSwitch.checked));

function showKeys(on) {
  setSingleKeys(on);
  keysSwitch.checked = on;
  for (const text of document.querySelectorAll("[data-keys-on]")) text.hidden = !on;
  for (const text of document.querySelectorAll("[data-keys-off]")) text.hidden = on;
}

showKeys(singleKeys());

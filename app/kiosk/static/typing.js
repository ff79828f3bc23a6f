/* The keys of the screen's keyboard, typed at once; what is found follows soon after.
   Without this each key is a button that sends the form. */

import { tried } from "./asking.js";

const SOON = 250;
let waits = 0;

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-typing] [name=key]");
  if (!key) return;
  event.preventDefault();
  const field = fieldOf(key);
  field.value = pressed(field, key.value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-typing] input")) return;
  clearTimeout(waits);
  waits = setTimeout(() => follow(target), SOON);
});

function fieldOf(key) {
  return key.closest("form").elements.q;
}

function pressed({ value, maxLength }, key) {
  if (key === "back") return value.slice(0, -1);
  if (key === "clear") return "";
  return (value + (key === "space" ? " " : key)).slice(0, maxLength);
}

async function follow(field) {
  const typed = field.value;
  const asked = new URLSearchParams(new FormData(field.form));
  const answer = await tried(`${field.form.action}?${asked}`);
  if (!answer || !field.isConnected || field.value !== typed) return;
  const fresh = new DOMParser().parseFromString(answer.html, "text/html");
  for (const old of document.querySelectorAll("[data-follows]")) {
    const now = fresh.querySelector(`[data-follows="${old.dataset.follows}"]`);
    if (now && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(now));
  }
}

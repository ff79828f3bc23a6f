/* The keys of the screen's keyboard, typed at once; what is found follows soon after.
   Without this each key is a button that sends the form. */

import { tryFetch } from "./requests.js";

const SEARCH_DELAY_MS = 250;
let timer = 0;

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-keyboard-form] [name=key]");
  if (!key) return;
  event.preventDefault();
  const field = fieldOf(key);
  field.value = textAfterKey(field, key.value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-keyboard-form] input")) return;
  clearTimeout(timer);
  timer = setTimeout(() => search(target), SEARCH_DELAY_MS);
});

function fieldOf(key) {
  return key.closest("form").elements.q;
}

function textAfterKey({ value, maxLength }, key) {
  if (key === "back") return value.slice(0, -1);
  if (key === "clear") return "";
  return (value + (key === "space" ? " " : key)).slice(0, maxLength);
}

async function search(field) {
  const typed = field.value;
  const query = new URLSearchParams(new FormData(field.form));
  const answer = await tryFetch(`${field.form.action}?${query}`);
  if (!answer || !field.isConnected || field.value !== typed) return;
  const fresh = new DOMParser().parseFromString(answer.html, "text/html");
  for (const old of document.querySelectorAll("[data-follows]")) {
    const updated = fresh.querySelector(`[data-follows="${old.dataset.follows}"]`);
    if (updated && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(updated));
  }
}

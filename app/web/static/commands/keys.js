/* Single keys: a key presses the visible button that shows it, and nothing else.

   A button that may not be pressed now is pressed too: it answers why nothing happens.
   Not while typing in a field (but for the signs that its data-passes names), not with
   Ctrl, Alt or Meta, not while the key is held down, and not when the officer has
   switched single keys off (WCAG 2.1.4). */

import { Scan } from "/static/web/commands/scan.js";

const SWITCH = "antrean-single-keys";
const WRITING = "input:not([type=checkbox], [type=radio]), textarea";
const TYPING = `${WRITING}, select`;
const PRESSED_BY_ENTER = "button, a, summary";
const ARROWS = { arrowdown: 1, arrowup: -1 };
const LEADING = ", :scope.actions--chooser > .action--leads";

/* `onArrow(step)` returns whether it used the arrow; `onSlip(address)` is told of a slip
   that a scanner read while no field could take it. */
export function listen({ scopesNow, onArrow, onSlip }) {
  const scan = new Scan(onSlip);
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(WRITING) && scan.takes(event)) return event.preventDefault();
    const step = arrowOf(event);
    if (step && onArrow(step)) return event.preventDefault();
    if (event.repeat && event.target.matches("button")) event.preventDefault();
    const button = event.repeat ? null : buttonFor(event, scopesNow());
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

function arrowOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return 0;
  return event.target.matches(TYPING) ? 0 : ARROWS[event.key.toLowerCase()] ?? 0;
}

function buttonFor(event, scopes) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  const key = nameOf(event);
  if (key === "enter" && event.target.matches(`${PRESSED_BY_ENTER}, ${TYPING}`)) return null;
  if (key !== "enter" && key !== "escape" && (isTyped(event, key) || !singleKeys())) return null;
  const selector = `[data-key="${CSS.escape(key)}"]${key === "enter" ? LEADING : ""}`;
  const buttons = scopes.flatMap((scope) => [...scope.querySelectorAll(selector)]).filter((button) => button.checkVisibility());
  return buttons.find(isEnabled) ?? buttons[0] ?? null;
}

function isTyped({ target }, key) {
  return target.matches(TYPING) && !(target.dataset.passes ?? "").includes(key);
}

function nameOf({ key, shiftKey }) {
  const name = key.toLowerCase();
  return shiftKey && /^[a-z]$/.test(name) ? `shift+${name}` : name;
}

function isEnabled(button) {
  return button.getAttribute("aria-disabled") !== "true";
}

export function singleKeys() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function setSingleKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

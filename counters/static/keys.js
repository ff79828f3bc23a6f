/* Single keys: a key presses the visible button that shows it, and nothing else.

   Not while typing in a field, not with Ctrl, Alt or Meta, not while the key is held
   down, and not when the officer has switched single keys off (WCAG 2.1.4). */

const SWITCH = "antrean-single-keys";
const TYPING = "input:not([type=checkbox]), textarea, select";
const PRESSED_BY_ENTER = "button, a, summary";
const LEADING = ", :scope.actions--chooser > .action--leads";

export function listen(placesNow) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat && event.target.matches("button")) event.preventDefault();
    const button = event.repeat ? null : meant(event, placesNow());
    if (!button) return;
    event.preventDefault();
    button.click();
  });
}

function meant(event, places) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return null;
  const key = nameOf(event);
  if (key === "enter" && event.target.matches(`${PRESSED_BY_ENTER}, ${TYPING}`)) return null;
  if (key !== "enter" && key !== "escape" && (event.target.matches(TYPING) || !singleKeys())) return null;
  const wanted = `[data-key="${CSS.escape(key)}"]${key === "enter" ? LEADING : ""}`;
  return places.flatMap((place) => [...place.querySelectorAll(wanted)]).find(isThere) ?? null;
}

function nameOf({ key, shiftKey }) {
  const name = key.toLowerCase();
  return shiftKey && /^[a-z]$/.test(name) ? `shift+${name}` : name;
}

function isThere(button) {
  return button.checkVisibility() && button.getAttribute("aria-disabled") !== "true";
}

export function singleKeys() {
  return localStorage.getItem(SWITCH) !== "off";
}

export function setSingleKeys(on) {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

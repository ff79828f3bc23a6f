/* Fits what stands in a display's pieces into its place: a text shrinks and wraps, then is
   shortened where all names have the same; a number keeps its height as long as it can. */

import { shortForms, wordForms } from "/static/displays/names.js";

const NARROWEST = 0.8;
const SMALLEST = 0.5;
const ONE_LINE = 1.2;
const LARGER = 1.5;
const MAX_KEPT = 500;

/* `namesOf(field)` returns the names from which a shortened one must differ. */
export class Fitting {
  constructor(namesOf) {
    this.namesOf = namesOf;
    this.kept = new Map();
    this.fixed = new WeakMap();
  }

  /* Fits all that a piece says; it stands on the page already. */
  fit(piece, room) {
    for (const number of piece.querySelectorAll("[data-number]")) fitNumber(number);
    for (const text of piece.querySelectorAll("[data-fit]")) this.fitText(text, room);
  }

  /* Fits a text of the frame, whose words do not change: again when the room has. */
  fitFixed(text, room) {
    const last = this.fixed.get(text) ?? { words: text.textContent, key: "" };
    const key = `${room} ${text.checkVisibility()}`;
    if (last.key === key) return;
    this.fixed.set(text, { ...last, key });
    if (text.matches("[data-field]")) text.textContent = last.words;
    this.fitText(text, room);
  }

  /* For a text of the frame that has other words after all. */
  refit(text) {
    this.fixed.delete(text);
  }

  fitText(text, room) {
    if (!text.checkVisibility()) return;
    text.style.removeProperty("--size");
    const field = text.matches("[data-field]") ? text : text.querySelector("[data-field]");
    const key = [room, text.className, text.clientWidth, text.textContent].join("|");
    const found = this.kept.get(key) ?? this.search(text, field);
    this.keep(key, found);
    text.style.setProperty("--size", found.size);
    if (found.form !== null) field.textContent = found.form;
  }

  keep(key, found) {
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    this.kept.set(key, found);
  }

  search(text, field) {
    const { full, least } = boundsOf(text);
    const size = largest(text, least, full);
    if (size !== null) return { size, form: null };
    // only names: a sentence without some of its words says something else
    const form = text.dataset.fit === "name" ? this.shorten(text, field) : null;
    // not shortened as far as that, or two would look alike: rather small than alike
    const fitted = largest(text, least, full) ?? largest(text, SMALLEST, least);
    return { size: fitted ?? SMALLEST, form };
  }

  /* A name that must be shortened is better read from further away than longer. */
  shorten(text, field) {
    const name = field.textContent;
    const names = this.namesOf(field.dataset.field);
    const { full, least } = boundsOf(text);
    const isShortened = (forms, size) => {
      text.style.setProperty("--size", size);
      return forms.some((form) => {
        field.textContent = form;
        return isInside(text);
      });
    };
    if (!isShortened([...wordForms(name, names)], Math.min(full, LARGER * least))) {
      isShortened([...shortForms(name, names)], least);
    }
    return field.textContent;
  }
}

function boundsOf(element) {
  const style = getComputedStyle(element);
  const number = (name) => parseFloat(style.getPropertyValue(name));
  const full = number("--full");
  return { full, least: number("--least") || full, room: number("--room") || full * ONE_LINE };
}

/* The largest size, to a tenth of a unit, at which a text is inside its place. */
function largest(text, least, full) {
  const fitsAt = (size) => {
    text.style.setProperty("--size", size);
    return isInside(text);
  };
  if (fitsAt(full)) return full;
  if (!fitsAt(least)) return null;
  let [fits, fails] = [least, full];
  while (fails - fits > 0.1) {
    const middle = (fits + fails) / 2;
    if (fitsAt(middle)) fits = middle;
    else fails = middle;
  }
  return fits;
}

function isInside(text) {
  const { room } = boundsOf(text);
  const unit = parseFloat(getComputedStyle(text).fontSize) / parseFloat(text.style.getPropertyValue("--size"));
  return text.scrollWidth <= text.clientWidth && text.offsetHeight <= room * unit + 1;
}

/* A number is read from far by its height: before that falls below what the distance
   needs, the number is set narrower. */
function fitNumber(number) {
  const line = number.firstElementChild;
  number.style.fontSize = line.style.transform = line.style.marginInlineEnd = "";
  if (!number.checkVisibility() || line.offsetWidth <= number.clientWidth) return;
  const { full, least } = boundsOf(number);
  const fullPx = parseFloat(getComputedStyle(number).fontSize);
  const share = (number.clientWidth - 1) / line.offsetWidth; // what is between whole pixels
  let size = Math.max(share, least / full);
  let width = Math.min(1, share / size);
  if (width < NARROWEST) [size, width] = [share / NARROWEST, NARROWEST];
  number.style.fontSize = `${fullPx * size}px`;
  if (width === 1) return;
  line.style.transform = `scaleX(${width})`;
  // what is not painted takes no room either
  line.style.marginInlineEnd = `${(width - 1) * line.offsetWidth}px`;
}

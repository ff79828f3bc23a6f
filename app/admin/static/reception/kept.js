/* What was typed stays over signing in again: kept in this window until it is back. */

const PLACE = "antrean-reception";

export function keep(what) {
  sessionStorage.setItem(PLACE, JSON.stringify(what));
}

export function takeKept() {
  const text = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  return text === null ? null : JSON.parse(text);
}

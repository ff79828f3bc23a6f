/* What was typed stays over signing in again: kept in this window until it is back. */

const STORAGE_KEY = "antrean-reception";

export function saveDraft(draft) {
  sessionStorage.setItem(STORAGE_KEY, JSON.stringify(draft));
}

export function takeDraft() {
  const text = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  return text === null ? null : JSON.parse(text);
}

/* What was typed stays over signing in again: kept in this window until it is back, with
   the sentences that whoever comes back is to read. */

const STORAGE_KEY = "antrean-reception";

export class Draft {
  constructor() {
    this.notices = [];
  }

  add(notice) {
    if (notice) this.notices.push(notice);
  }

  save(fields) {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify({ ...fields, notices: this.notices }));
  }
}

export function takeDraft() {
  const text = sessionStorage.getItem(STORAGE_KEY);
  sessionStorage.removeItem(STORAGE_KEY);
  return text === null ? null : JSON.parse(text);
}

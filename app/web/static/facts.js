/* What is to be known of a visit, each a pictogram and a word: <template id="piece-…">. */

import { piece, word } from "/static/web/words.js";

export function peopleAndNeeds({ people, priority, assistance }) {
  const found = [];
  if (people > 1) found.push(fact("people", word("people", { count: people })));
  if (priority && priority !== "regular") found.push(fact(priority));
  if (assistance) found.push(fact("assistance"));
  return found;
}

export function fact(name, text = null) {
  const made = piece(`piece-${name}`);
  if (text !== null) made.querySelector("[data-text]").textContent = text;
  return made;
}

export function listed(content) {
  const item = document.createElement("li");
  item.append(content);
  return item;
}

/* What is to be known of a visit, each a pictogram and a word: <template id="piece-…">. */

import { piece, word } from "/static/web/words.js";

export function peopleAndNeeds({ people, priority, assistance }) {
  const facts = [];
  if (people > 1) facts.push(fact("people", word("people", { count: people })));
  if (priority && priority !== "regular") facts.push(fact(priority));
  if (assistance) facts.push(fact("assistance"));
  return facts;
}

export function fact(name, text = null) {
  const fragment = piece(`piece-${name}`);
  if (text !== null) fragment.querySelector("[data-text]").textContent = text;
  return fragment;
}

export function listItem(content) {
  const item = document.createElement("li");
  item.append(content);
  return item;
}

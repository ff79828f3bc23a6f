/* What closing this counter means for its lines: others go on, or nobody serves them. */

import { word } from "/static/web/words.js";

const hint = document.querySelector('[data-panel="close"] h2 ~ p');
const nameOf = ({ name, name_en }) => (document.documentElement.lang === "en" && name_en) || name;

export function paintClosing({ services }) {
  const last = services.filter(({ others_open }) => others_open === 0);
  const busy = last.filter(({ waiting }) => waiting > 0);
  hint.textContent = textOf(last, busy);
}

function textOf(last, busy) {
  if (last.length === 0) return word("close-others");
  const names = (lines) => lines.map(nameOf).join(", ");
  if (busy.length === 0) return word("close-last", { services: names(last) });
  const count = busy.reduce((sum, { waiting }) => sum + waiting, 0);
  return word("close-last-waiting", { services: names(busy), count });
}

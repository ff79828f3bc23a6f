/* Shorter forms of a name that can still be told from all other names. Which of them is
   needed is for the screen to say (fitting.js). */

const GAP = "…";
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/* Yields ever shorter forms: first without words, those that lead to a counter last, then
   without letters. What would leave a form that another name could have stays, so that no
   two ever come to look alike. */
export function* shortForms(name, names) {
  let form = name;
  for (form of wordForms(name, names)) yield form;
  const others = othersOf(name, names);
  const words = form.split(" ");
  for (form of thinned(words, leadingLast(words), " ", others)) yield form;
  const letters = [...graphemes.segment(form)].map(({ segment }) => segment);
  yield* thinned(letters, fromTheMiddle(letters), "", others);
}

/* Those of whole words: the ones that most names have go first. What leads to the counter
   stays, also where another word would do: what kind of thing it is, and its number. */
export function* wordForms(name, names) {
  const others = othersOf(name, names);
  const words = name.split(" ");
  const order = byCommonness(words, others).filter((index) => !isLeading(words, index));
  yield* thinned(words, order, " ", others);
}

function isLeading(words, index) {
  return index === 0 || /\p{Nd}/u.test(words[index]);
}

/* The first word before the numbers: of "Loket 10" the number says more. */
function leadingLast(words) {
  const isGiven = (index) => words[index] !== GAP;
  return [...words.keys()].filter((index) => isGiven(index) && isLeading(words, index));
}

function othersOf(name, names) {
  return [...new Set(names)].filter((other) => other !== name);
}

function* thinned(pieces, order, separator, others) {
  const kept = pieces.map(() => true);
  for (const index of order) {
    kept[index] = false;
    const form = join(pieces, kept, separator);
    if (form !== GAP && !others.some((other) => canBe(form, other))) yield form;
    else kept[index] = true;
  }
}

function byCommonness(words, others) {
  const commonness = (word) => others.filter((other) => other.split(" ").includes(word)).length;
  const counts = words.map(commonness);
  return fromTheMiddle(words).sort((a, b) => counts[b] - counts[a]);
}

function fromTheMiddle(pieces) {
  const middle = (pieces.length - 1) / 2;
  return [...pieces.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
}

function join(pieces, kept, separator) {
  const shown = pieces.map((piece, index) => (kept[index] ? piece : GAP));
  return shown.join(separator).replaceAll(/…[… ]*…/g, GAP);
}

/* Whether a name could be what a form stands for: it has the form's parts, in order. */
export function canBe(form, name) {
  const parts = form.split(GAP);
  const last = parts.pop();
  if (parts.length === 0) return form === name;
  if (!name.startsWith(parts[0])) return false;
  let from = parts[0].length;
  for (const part of parts.slice(1)) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - from >= last.length && name.endsWith(last);
}

/* Puts what is to be shown into the page's pieces, which stand blank in its templates. */

const shown = new WeakMap();

/* A piece stays the same element as long as its call is shown: moving it would start its
   animation anew. What it says is fitted into it again when that, or the `room`, changed. */
export function show(parent, kind, items, { fitting, room, onShown = () => {} }) {
  parent.dataset.count = items.length;
  const ids = new Set(items.map(({ id }) => String(id)));
  for (const piece of [...parent.children]) if (!ids.has(piece.dataset.id)) piece.remove();
  const changed = [];
  items.forEach((item, index) => {
    const existing = [...parent.children].find(({ dataset }) => dataset.id === String(item.id));
    const piece = existing ?? blank(kind);
    if (hasChanged(piece, item, `${room} ${items.length}`)) changed.push(piece);
    const current = parent.children[index] ?? null;
    if (current !== piece) parent.insertBefore(piece, current);
    onShown(piece, item);
  });
  for (const piece of changed) fitting.fit(piece, `${room} ${items.length}`);
}

function hasChanged(piece, item, room) {
  const words = room + JSON.stringify({ ...item, swells: 0 });
  if (shown.get(piece) === words) return false;
  shown.set(piece, words);
  fill(piece, item);
  return true;
}

function blank(kind) {
  const { content } = document.querySelector(`template[data-new="${kind}"]`);
  return content.firstElementChild.cloneNode(true);
}

function fill(piece, item) {
  piece.dataset.id = item.id;
  if (item.state) piece.dataset.state = item.state;
  else delete piece.dataset.state;
  for (const part of piece.querySelectorAll("[data-field]")) {
    const text = String(item[part.dataset.field]);
    if (part.textContent !== text) part.textContent = text;
  }
}

/* Puts what is to be shown into the page's pieces, which stand blank in its templates. */

/* A piece stays the same element as long as its call is shown: moving it would start its
   animation anew. */
export function show(parent, kind, items, onShown = () => {}) {
  parent.dataset.count = items.length;
  const ids = new Set(items.map(({ id }) => String(id)));
  for (const piece of [...parent.children]) if (!ids.has(piece.dataset.id)) piece.remove();
  items.forEach((item, index) => {
    const existing = [...parent.children].find(({ dataset }) => dataset.id === String(item.id));
    const piece = existing ?? blank(kind);
    fill(piece, item);
    const current = parent.children[index] ?? null;
    if (current !== piece) parent.insertBefore(piece, current);
    onShown(piece, item);
  });
}

function blank(kind) {
  const { content } = document.querySelector(`template[data-new="${kind}"]`);
  return content.firstElementChild.cloneNode(true);
}

function fill(piece, item) {
  piece.dataset.id = item.id;
  if (item.state) piece.dataset.state = item.state;
  if (item.number) piece.dataset.length = item.number.length;
  for (const part of piece.querySelectorAll("[data-field]")) {
    const text = String(item[part.dataset.field]);
    if (part.textContent !== text) part.textContent = text;
  }
}

/* The widest letters with four digits do not fit at full size; no number is ever cut. */
export function fit(number, alone) {
  const full = getComputedStyle(number).getPropertyValue("--called-size");
  const fitted = [number.textContent, alone, full, innerWidth, document.fonts.status].join();
  if (number.dataset.fitted === fitted) return;
  number.dataset.fitted = fitted;
  number.style.fontSize = "";
  const share = number.clientWidth / number.scrollWidth;
  const size = parseFloat(getComputedStyle(number).fontSize);
  if (share < 1) number.style.fontSize = `${Math.floor(size * share) - 1}px`;
}

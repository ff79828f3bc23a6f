"""What a test measures on a display: nothing cut, all there, nothing over another."""

from typing import Any

from playwright.sync_api import Page

TEXTS = """() => {
  const hasText = (node) => node.textContent.trim() !== "";
  const isThere = (part) =>
    part.checkVisibility() && !part.closest(".visually-hidden");
  const main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!hasText(node) || !isThere(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const { left, top, width, height } of range.getClientRects())
      texts.push({ node, left, width, top, height, text: node.textContent.trim() });
  }
"""
# of a line's box the letters themselves: from the top of a capital to below a g, which
# no number has
LETTERS = """
  const letters = ({ node, left, top, width, height, text }) => {
    const below = node.parentElement.closest(".number") ? 0.82 : 0.95;
    const [from, to] = [top + 0.2 * height, top + below * height];
    return { left, right: left + width, top: from, bottom: to, text };
  };
"""
CUT = (
    TEXTS
    + LETTERS
    + """
  const cut = [];
  const past = (text, box) => text.left < box.left - 1 || text.right > box.right + 1
    || text.top < box.top - 1 || text.bottom > box.bottom + 1;
  for (const text of texts) {
    const line = letters(text);
    if (past(line, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }))
      cut.push(`off the screen: ${text.text}`);
    let part = text.node.parentElement;
    for (; part.matches("main *"); part = part.parentElement) {
      const style = getComputedStyle(part);
      if (style.overflow !== "visible" && past(line, part.getBoundingClientRect()))
        cut.push(`cut by ${part.className}: ${text.text}`);
      if (style.display !== "inline" && part.scrollWidth > part.clientWidth + 1)
        cut.push(`wider than ${part.className}: ${text.text}`);
    }
  }
  return cut;
}"""
)
OVERLAPS = (
    TEXTS
    + LETTERS
    + """
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  // lines of one text stand as close as its style says; g may reach into the next line
  const boxes = texts.map((text) => ({ ...letters(text), node: text.node,
    bottom: text.top + 0.8 * text.height }));
  return boxes.flatMap((a, index) => boxes.slice(index + 1)
    .filter((b) => a.node !== b.node && over(a, b))
    .map((b) => `${a.text} / ${b.text}`));
}"""
)
OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((part) => part.checkVisibility() && !part.closest(".visually-hidden, svg"))
  .filter((part) => getComputedStyle(part).display !== "inline")
  .filter((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
  })
  .map((part) => `${part.className} ${part.textContent.trim()}`)"""
ON_TOP = """(part) => {
  const { left, top, width, height } = part.getBoundingClientRect();
  const found = document.elementFromPoint(left + width / 2, top + height / 2);
  return width > 0 && part.textContent !== "" && part.contains(found);
}"""
SIZES_OF = "(parts) => parts.map((part) => parseFloat(getComputedStyle(part).fontSize))"
# what is painted: a name that is shortened has other words than it was given
SHOWN = """(parts) => parts.filter((part) => part.checkVisibility())
  .map((part) => part.textContent.trim())"""


def faults(page: Page) -> list[str]:
    """Return what is cut off, hangs over, or lies over something else."""
    found = [*page.evaluate(CUT), *page.evaluate(OUTSIDE)]
    found += [f"over each other: {pair}" for pair in page.evaluate(OVERLAPS)]
    for name in ("[data-clock]", "[data-date]"):
        if not page.locator(name).evaluate(ON_TOP):
            found.append(f"not to be seen: {name}")
    return found


def font_sizes(page: Page, selector: str) -> list[float]:
    """Return the font sizes of all that a selector finds, in px."""
    sizes: list[float] = page.locator(selector).evaluate_all(SIZES_OF)
    return sizes


def shown(page: Page, selector: str) -> list[str]:
    """Return the words of all that a selector finds and that can be seen."""
    words: list[str] = page.locator(selector).evaluate_all(SHOWN)
    return words


def unit(width: int, height: int) -> float:
    """Return how many px of such a screen are one of a 55-inch screen's 1080."""
    return min(width, height) / 1080


def narrowed(page: Page, selector: str) -> list[float]:
    """Return how much of their width numbers keep, 1 for all of it."""
    found: list[Any] = page.locator(f"{selector} > span").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().width"
        " / part.offsetWidth)"
    )
    return [float(width) for width in found]

/* Parts of a page (`data-part`) whose words the server alone composes. They are fetched anew
   when what they stand for has changed: a text that names it, as the page was made for. */

export class Parts {
  constructor(shown, onFetched = () => {}) {
    Object.assign(this, { shown, onFetched, isFetching: false });
  }

  /* Call it again with every message: what could not be fetched is tried anew. */
  async follow(wanted) {
    if (this.isFetching || wanted === this.shown) return;
    this.isFetching = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) return;
      replaceParts(new DOMParser().parseFromString(await answer.text(), "text/html"));
      this.shown = wanted;
      this.onFetched();
    } catch {
      // cut off: the page says so, and the next message tries again
    } finally {
      this.isFetching = false;
    }
  }
}

function replaceParts(page) {
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
}

/* Parts of a page (`data-part`) whose words the server alone composes. They are fetched anew
   when what they stand for has changed: a text that names it, as the page was made for. */

import { live } from "/static/web/live.js";

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
    if (fresh && !fresh.isEqualNode(part)) replaceKeepingFocus(part, document.adoptNode(fresh));
  }
}

/* Whoever has come by keys to a link of a part goes on from it, where it still is. */
function replaceKeepingFocus(part, fresh) {
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/* A live list of such parts: each newer snapshot of a topic may change the words, and
   [data-unanswered] says when nobody answers. `shown(data)` is a text of all that the
   words depend on. */
export function followParts(topic, { shown = JSON.stringify, onFetched } = {}) {
  const unanswered = document.querySelector("[data-unanswered]");
  const parts = new Parts(null, onFetched);
  let wanted = null;
  live({
    topic,
    onSnapshot: (data) => { wanted = shown(data); },
    onState({ state }) {
      if (state === "signed-out") return location.reload();
      unanswered.hidden = state === "live" || state === "connecting";
      if (state === "live") parts.follow(wanted);
    },
  });
}

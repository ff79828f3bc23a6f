/* Asking the server for a page until it answers.

   fetchUntilAnswered({address, body, fallback, isCurrent})  → {html, address}
   A form (`body`) is repeated unchanged, its key with it, so it is done once however
   often it is sent. A link that was cut off leads to `fallback`, if that is given.
   It ends without an answer when it `isCurrent` no more. */

const TIMEOUT_MS = 8000;
const RETRY_MS = 1000;
const SLOW_MS = 1500;
const RETRY_STATUSES = new Set([429, 502, 503, 504]);

export async function fetchUntilAnswered({ address, body = null, fallback = address, isCurrent }) {
  const slow = setTimeout(() => isCurrent() && showOneMoment(), SLOW_MS);
  let answer = await tryFetch(address, { body });
  while (answer === null && isCurrent()) {
    showOneMoment();
    await new Promise((done) => setTimeout(done, RETRY_MS * (0.5 + Math.random())));
    answer = await tryFetch(fallback, { body });
  }
  clearTimeout(slow);
  return answer;
}

/* Null when nobody knows what the server made of it. */
export async function tryFetch(address, { body = null, timeout = TIMEOUT_MS } = {}) {
  try {
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      body,
      headers: { Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(timeout),
    });
    if (RETRY_STATUSES.has(response.status)) return null;
    const isPage = body === null || response.redirected;
    return { html: await response.text(), address: isPage ? response.url : null };
  } catch {
    return null;
  }
}

function showOneMoment() {
  document.querySelector("dialog[open]")?.close();
  document.querySelector("[data-one-moment]").hidden = false;
}

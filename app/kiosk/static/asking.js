/* Asking the server for a page until it answers.

   answerTo({address, body, otherwise, isWanted})  → {html, address}
   A form (`body`) is repeated unchanged, its key with it, so it is done once however
   often it is sent. A link that was cut off leads to `otherwise`, if that is given.
   It ends without an answer when it `isWanted` no more. */

const PATIENCE = 8000;
const AGAIN = 1000;
const SLOW = 1500;
const TRY_AGAIN = new Set([429, 502, 503, 504]);

export async function answerTo({ address, body = null, otherwise = address, isWanted }) {
  const slow = setTimeout(() => isWanted() && oneMoment(), SLOW);
  let answer = await tried(address, { body });
  while (answer === null && isWanted()) {
    oneMoment();
    await new Promise((done) => setTimeout(done, AGAIN * (0.5 + Math.random())));
    answer = await tried(otherwise, { body });
  }
  clearTimeout(slow);
  return answer;
}

/* Null when nobody knows what the server made of it. */
export async function tried(address, { body = null, patience = PATIENCE } = {}) {
  try {
    const response = await fetch(address, {
      method: body ? "POST" : "GET",
      body,
      headers: { Accept: "text/html" },
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
    if (TRY_AGAIN.has(response.status)) return null;
    const isPage = body === null || response.redirected;
    return { html: await response.text(), address: isPage ? response.url : null };
  } catch {
    return null;
  }
}

function oneMoment() {
  document.querySelector("dialog[open]")?.close();
  document.querySelector("[data-one-moment]").hidden = false;
}

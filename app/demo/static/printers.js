/* New slips come into the page by themselves: it is fetched again every two seconds,
   and slips that are not here yet are put in front. Without script, reload the page. */

const POLL_MS = 2000;
const parser = new DOMParser();
const unanswered = document.querySelector("[data-unanswered]");
const announcement = document.querySelector("[data-announcement]");

async function poll() {
  if (!document.hidden) await refresh();
  setTimeout(poll, POLL_MS);
}

async function refresh() {
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    unanswered.hidden = answer.ok;
    if (answer.ok) update(parser.parseFromString(await answer.text(), "text/html"));
  } catch {
    unanswered.hidden = false;
  }
}

function update(fresh) {
  for (const current of document.querySelectorAll("[data-printer]")) {
    const updated = fresh.getElementById(current.id);
    if (updated) renewSlips(current, updated);
  }
}

function renewSlips(current, updated) {
  const list = current.querySelector("[data-slips]");
  const slips = new Map([...list.children].map((slip) => [slip.dataset.slip, slip]));
  const now = [...updated.querySelectorAll("[data-slip]")];
  const same = now.length === slips.size && now.every((slip) => slips.has(slip.dataset.slip));
  current.querySelector("[data-none]").hidden = now.length > 0;
  if (same) return;
  const added = now.filter((slip) => !slips.has(slip.dataset.slip));
  added.forEach((slip) => slip.classList.add("slip--new"));
  list.replaceChildren(...now.map((slip) => slips.get(slip.dataset.slip) ?? document.adoptNode(slip)));
  if (added.length > 0) announcement.textContent = added[0].dataset.announcementText;
}

setTimeout(poll, POLL_MS);

/* New slips come into the page by themselves: it is fetched again every two seconds,
   and slips that are not here yet are put in front. Without script, reload the page. */

const PAUSE = 2000;
const parser = new DOMParser();
const silence = document.querySelector("[data-silence]");
const said = document.querySelector("[data-said]");

async function look() {
  if (!document.hidden) await renew();
  setTimeout(look, PAUSE);
}

async function renew() {
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    silence.hidden = answer.ok;
    if (answer.ok) take(parser.parseFromString(await answer.text(), "text/html"));
  } catch {
    silence.hidden = false;
  }
}

function take(fresh) {
  for (const here of document.querySelectorAll("[data-printer]")) {
    const there = fresh.getElementById(here.id);
    if (there) renewSlips(here, there);
  }
}

function renewSlips(here, there) {
  const list = here.querySelector("[data-slips]");
  const kept = new Map([...list.children].map((slip) => [slip.dataset.slip, slip]));
  const now = [...there.querySelectorAll("[data-slip]")];
  const same = now.length === kept.size && now.every((slip) => kept.has(slip.dataset.slip));
  here.querySelector("[data-none]").hidden = now.length > 0;
  if (same) return;
  const added = now.filter((slip) => !kept.has(slip.dataset.slip));
  added.forEach((slip) => slip.classList.add("slip--new"));
  list.replaceChildren(...now.map((slip) => kept.get(slip.dataset.slip) ?? document.adoptNode(slip)));
  if (added.length > 0) said.textContent = added[0].dataset.says;
}

setTimeout(look, PAUSE);

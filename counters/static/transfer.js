/* Where to send a visitor: services of every agency, found by typing.

   Each match is a submit button of the form, so Enter while typing takes the first. */

import { get } from "/static/web/api.js";
import { piece, word } from "/static/web/words.js";

const SHOWN = 3;
const english = document.documentElement.lang === "en";
const form = document.querySelector('form[data-send="transfer"]');
const search = form.querySelector("[data-search]");
const list = form.querySelector("[data-matches]");
const note = form.querySelector("[data-more-matches]");

let services = [];

export async function offerServices() {
  paint();
  try {
    services = (await get("/agencies")).flatMap(servicesOf);
    paint();
  } catch (problem) {
    note.textContent = problem.body?.title ?? word("line-stale");
  }
}

function servicesOf(agency) {
  return agency.services.map((service) => {
    const name = english ? service.name_en || service.name : service.name;
    return { id: service.id, agency: agency.short_name, name, found: plain(`${agency.short_name} ${agency.name} ${service.code} ${name}`) };
  });
}

function paint() {
  const wanted = plain(search.value).split(/\s+/).filter(Boolean);
  const matches = services.filter(({ found }) => wanted.every((part) => found.includes(part)));
  list.replaceChildren(...matches.slice(0, SHOWN).map(offer));
  note.textContent = matches.length > SHOWN ? word("more", { count: matches.length - SHOWN }) : "";
  if (services.length > 0 && matches.length === 0) note.textContent = word("no-match");
}

function offer({ id, agency, name }) {
  const made = piece("piece-match");
  made.querySelector("button").value = id;
  made.querySelector("[data-agency]").textContent = agency;
  made.querySelector("[data-name]").textContent = name;
  return made;
}

function plain(text) {
  return text.toLowerCase();
}

search.addEventListener("input", paint);

/* Where to send a visitor: services of every agency, found by typing.

   Each match is a submit button of the form, so Enter while typing takes the first. */

import { get } from "/static/web/api.js";
import { piece, word } from "/static/web/words.js";

const MAX_MATCHES = 3;
const english = document.documentElement.lang === "en";
const form = document.querySelector('form[data-send="transfer"]');
const search = form.querySelector("[data-search]");
const list = form.querySelector("[data-matches]");
const note = form.querySelector("[data-more-matches]");

let services = [];

export async function showServices() {
  paint();
  try {
    services = (await get("/agencies")).flatMap(servicesOf);
    paint();
  } catch (problem) {
    note.textContent = problem.body?.title ?? word("connection-stale");
  }
}

function servicesOf(agency) {
  return agency.services.map((service) => {
    const name = english ? service.name_en || service.name : service.name;
    return { id: service.id, agency: agency.short_name, name, searchText: plain(`${agency.short_name} ${agency.name} ${service.code} ${name}`) };
  });
}

function paint() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  const matches = services.filter(({ searchText }) => words.every((part) => searchText.includes(part)));
  list.replaceChildren(...matches.slice(0, MAX_MATCHES).map(matchRow));
  note.textContent = matches.length > MAX_MATCHES ? word("more", { count: matches.length - MAX_MATCHES }) : "";
  if (services.length > 0 && matches.length === 0) note.textContent = word("no-match");
}

function matchRow({ id, agency, name }) {
  const fragment = piece("piece-match");
  fragment.querySelector("button").value = id;
  fragment.querySelector("[data-agency]").textContent = agency;
  fragment.querySelector("[data-name]").textContent = name;
  return fragment;
}

function plain(text) {
  return text.toLowerCase();
}

search.addEventListener("input", paint);

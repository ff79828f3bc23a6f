/* Texts for scripts stand in the page, in #words: word("people", {n: 3}). */

const plurals = new Intl.PluralRules(document.documentElement.lang);
const container = document.getElementById("words");

export function word(name, values = {}) {
  const text = container.querySelector(`[data-word="${name}"]`).textContent;
  return Object.entries(values).reduce((filled, [key, value]) => filled.replace(`{${key}}`, () => value), text);
}

export function hasWord(name) {
  return container.querySelector(`[data-word="${CSS.escape(name)}"]`) !== null;
}

/* The same in the plural that the page's language has for `count`. */
export function counted(name, count) {
  return word(`${name}-${plurals.select(count) === "one" ? "one" : "other"}`, { count });
}

/* What a `<template>` of the page holds: a pictogram beside its word. */
export function piece(name) {
  return document.getElementById(name).content.cloneNode(true);
}

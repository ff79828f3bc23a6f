/* Texts for scripts stand in the page, in #words: word("people", {n: 3}). */

const shelf = document.getElementById("words");

export function word(name, values = {}) {
  const text = shelf.querySelector(`[data-word="${name}"]`).textContent;
  return Object.entries(values).reduce((said, [key, value]) => said.replace(`{${key}}`, value), text);
}

/* What a `<template>` of the page holds: a pictogram beside its word. */
export function piece(name) {
  return document.getElementById(name).content.cloneNode(true);
}

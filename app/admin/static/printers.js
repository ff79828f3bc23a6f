/* The printers as they stand, live; copies come out where this PC's came out before. */

import { followParts } from "/static/web/parts.js";

const KEY = "antrean-reception-copies";
const choice = document.getElementById("copies");

if (choice) {
  const stored = localStorage.getItem(KEY);
  if ([...choice.options].some(({ value }) => value === stored)) choice.value = stored;
  choice.addEventListener("change", () => {
    if (choice.value) localStorage.setItem(KEY, choice.value);
    else localStorage.removeItem(KEY);
  });
}

followParts("printers");

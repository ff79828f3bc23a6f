/* The one button of a sheet: the browser's own printing. */

document.querySelector("[data-print]").addEventListener("click", () => window.print());

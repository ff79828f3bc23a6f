/* Stay at the task that the address names.

   The typeface may come after the browser has jumped there, and then moves the page
   under it; whoever has begun to scroll or type is left alone. */

const target = document.querySelector(":target");
const begun = new AbortController();
for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
  addEventListener(kind, () => begun.abort(), { once: true, passive: true });
}
document.fonts.ready.then(() => {
  if (!begun.signal.aborted) target?.scrollIntoView();
});

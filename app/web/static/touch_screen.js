/* The part of touch_screen.css that style alone cannot do. */

const refused = ["contextmenu", "selectstart", "dragstart", "gesturestart"];
for (const kind of refused) document.addEventListener(kind, (event) => event.preventDefault());

/* Two fingers on a touch pad come as a wheel with Ctrl held. */
document.addEventListener("wheel", refusePinch, { passive: false });

/* A field selects a word at a double touch, whatever was refused: typing goes on at its end. */
document.addEventListener("select", ({ target }) => target.setSelectionRange(target.value.length, target.value.length));

function refusePinch(event) {
  if (event.ctrlKey) event.preventDefault();
}

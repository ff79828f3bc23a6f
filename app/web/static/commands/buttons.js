/* Which buttons there are, which may be pressed, and which is the next step of the work. */
export function updateButtons(state) {
  for (const button of document.querySelectorAll("[data-when]:is(button)")) {
    const { when, visible, leads } = button.dataset;
    if (visible) button.hidden = !visible.split(" ").includes(state);
    button.setAttribute("aria-disabled", String(!when.split(" ").includes(state)));
    button.classList.toggle("action--leads", (leads ?? "").split(" ").includes(state));
  }
}

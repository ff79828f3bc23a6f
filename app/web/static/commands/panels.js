/* The commands, or one chooser in their stead: panels.open("serve"), panels.close(). */

const REST = "actions";

export class Panels {
  constructor(onClose = () => {}) {
    this.onClose = onClose;
    this.all = [...document.querySelectorAll("[data-panel]")];
    this.name = REST;
    this.subject = null;
  }

  get current() {
    return this.all.find((panel) => panel.dataset.panel === this.name);
  }

  get isChooser() {
    return this.name !== REST;
  }

  mayOpen(name, state) {
    return this.all.find((panel) => panel.dataset.panel === name).dataset.when.split(" ").includes(state);
  }

  open(name, subject) {
    if (name === REST) return this.close();
    if (name !== this.name) this.show(name);
    this.subject = subject;
    const first = [...this.current.querySelectorAll("[data-first], [data-key]")].find((each) => each.checkVisibility());
    first.focus({ preventScroll: this.current.dataset.panel === "selection" });
  }

  close() {
    if (!this.isChooser) return;
    const hadFocus = this.current.contains(document.activeElement);
    this.show(REST);
    this.onClose();
    // no button: Enter held down must not press the next one
    if (hadFocus) document.getElementById("content").focus();
  }

  /* A chooser is about what was shown when it was opened; if that has changed, so has
     the question. */
  closeIfOutdated(state, subject) {
    const fits = this.current.dataset.when?.split(" ").includes(state) ?? true;
    if (this.isChooser && (!fits || subject !== this.subject)) this.close();
  }

  show(name) {
    this.name = name;
    for (const panel of this.all) panel.hidden = panel.dataset.panel !== name;
    for (const field of document.querySelectorAll("[data-panel] form")) field.reset();
  }
}

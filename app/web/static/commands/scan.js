/* A scanner types a slip's address wherever the focus is, faster than anybody types, and
   mostly ends with Enter. Where no field takes it, its letters are no single keys.

   It begins with the h of http, which no button shows (a test); what follows sooner than a
   person could go on is the scanner's. */

const FIRST = "h";
const MAX_GAP_MS = 200;
const SLIP = /\/t\/[\w-]{21,}\/?\s*$/;

/* Tells whether a text is the address in a slip's QR code. */
export function isSlip(text) {
  return SLIP.test(text);
}

export class Scan {
  constructor(onSlip) {
    Object.assign(this, { onSlip, text: "", at: 0, timer: null });
  }

  /* Returns whether a key is the scanner's, and not a command. */
  takes(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return this.forget();
    const isGoingOn = this.text !== "" && event.timeStamp - this.at <= MAX_GAP_MS;
    if (event.key === "Shift") return isGoingOn;
    if (!isGoingOn) {
      this.forget();
      if (event.key.toLowerCase() === FIRST) this.add(event);
      return false;
    }
    if (event.key === "Enter") this.end();
    else if (event.key.length === 1) this.add(event);
    return true;
  }

  add({ key, timeStamp }) {
    this.text += key;
    this.at = timeStamp;
    clearTimeout(this.timer);
    // some scanners send no Enter
    this.timer = setTimeout(() => this.end(), 2 * MAX_GAP_MS);
  }

  end() {
    const { text } = this;
    this.forget();
    if (isSlip(text)) this.onSlip(text.trim());
  }

  forget() {
    clearTimeout(this.timer);
    this.text = "";
    return false;
  }
}

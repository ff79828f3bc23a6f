/* Sounds while something is due at this counter: two soft tones made here, no file.

   Once when it comes due, and again each minute for a while: an officer who is not back
   does not look. Also when the page is looked at again: it may have slept meanwhile. */

const EVERY_MS = 60_000;
const MAX_TIMES = 5;
const TONES = [
  { at: 0, hertz: 659 },
  { at: 0.22, hertz: 880 },
];
const SECONDS = 0.5;
const LOUDNESS = 0.25;

export class Reminder {
  constructor() {
    Object.assign(this, { subject: null, times: 0, timer: null, context: null, isWaiting: false });
    document.addEventListener("visibilitychange", () => this.onLookedAt());
  }

  /* `subject` names what is due; null when nothing is. */
  show(subject) {
    if (subject === this.subject) return;
    this.subject = subject;
    this.times = 0;
    clearInterval(this.timer);
    if (subject === null) return;
    this.timer = setInterval(() => this.ring(), EVERY_MS);
    this.ring();
  }

  onLookedAt() {
    if (document.hidden || this.subject === null) return;
    this.times = 0;
    this.ring();
  }

  ring() {
    if (this.times >= MAX_TIMES) return;
    this.times += 1;
    // a page that nobody has touched may not sound: what waits for a touch sounds once
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.context ??= new AudioContext();
    this.context.resume().catch(() => {}).then(() => {
      this.isWaiting = false;
      if (this.subject !== null) this.play();
    });
  }

  play() {
    for (const { at, hertz } of TONES) {
      const begin = this.context.currentTime + at;
      const tone = new OscillatorNode(this.context, { frequency: hertz });
      const level = new GainNode(this.context, { gain: 0 });
      // rises and falls: an abrupt edge is heard as a click
      level.gain.setValueAtTime(0, begin);
      level.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
      level.gain.exponentialRampToValueAtTime(0.001, begin + SECONDS);
      tone.connect(level).connect(this.context.destination);
      tone.start(begin);
      tone.stop(begin + SECONDS);
    }
  }
}

/* The chime: one after the other, none dropped, and it says when the browser refuses. */

const TIMEOUT_MS = 1500;
const SLACK_MS = 1000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Chime {
  /* `onResult(isAudible)` is called after each attempt. */
  constructor(audio, onResult) {
    Object.assign(this, { audio, onResult, queue: Promise.resolve() });
  }

  /* Rings after the chimes before it; `onTurn` runs when its turn comes. */
  ring(onTurn = () => {}) {
    this.queue = this.queue.then(async () => {
      onTurn();
      this.onResult(await this.isAudible());
    });
    return this.queue;
  }

  async isAudible() {
    const duration = (this.audio.duration || 0) * 1000;
    const ended = new Promise((done) => this.audio.addEventListener("ended", done, { once: true }));
    const hasBegun = await Promise.race([this.play(), pause(duration + SLACK_MS).then(() => false)]);
    // a sound device that was pulled out never ends
    await Promise.race([hasBegun ? ended : pause(duration), pause(duration + SLACK_MS)]);
    return hasBegun;
  }

  play() {
    if (this.audio.error) this.audio.load();
    this.audio.currentTime = 0;
    return this.audio.play().then(() => true, () => false);
  }
}

/* Tried at the start, so that a silent display is noticed before the first call. A
   refused context waits for a touch for ever, so patience decides. */
export async function canPlaySound() {
  const context = new AudioContext();
  const running = context.resume().then(() => true);
  const answer = await Promise.race([running, pause(TIMEOUT_MS).then(() => false)]);
  context.close();
  return answer;
}

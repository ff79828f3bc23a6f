/* The chime: one after the other, none dropped, and it says when the browser refuses. */

const PATIENCE = 1500;
const SLACK = 1000;

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Chime {
  /* `tell(isHeard)` is told after each attempt. */
  constructor(audio, tell) {
    Object.assign(this, { audio, tell, line: Promise.resolve() });
  }

  /* Rings after those asked for before; `begin` runs when its turn comes. */
  ring(begin = () => {}) {
    this.line = this.line.then(async () => {
      begin();
      this.tell(await this.isHeard());
    });
    return this.line;
  }

  async isHeard() {
    const long = (this.audio.duration || 0) * 1000;
    const ended = new Promise((done) => this.audio.addEventListener("ended", done, { once: true }));
    const began = await Promise.race([this.play(), pause(long + SLACK).then(() => false)]);
    // a sound device that was pulled out never ends
    await Promise.race([began ? ended : pause(long), pause(long + SLACK)]);
    return began;
  }

  play() {
    if (this.audio.error) this.audio.load();
    this.audio.currentTime = 0;
    return this.audio.play().then(() => true, () => false);
  }
}

/* Asked at the start, so that a silent display is noticed before the first call. A
   refused context waits for a touch for ever, so patience decides. */
export async function maySound() {
  const context = new AudioContext();
  const running = context.resume().then(() => true);
  const answer = await Promise.race([running, pause(PATIENCE).then(() => false)]);
  context.close();
  return answer;
}

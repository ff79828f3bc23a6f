/* Sounds of a display, each over one <audio> of the page: a screen that runs for months
   makes no second one. */

const TIMEOUT_MS = 1500;
const SLACK_MS = 1000;
const PATIENCE_MS = 2000;
const LONGEST_MS = 30_000;
const OPUS = 'audio/ogg; codecs="opus"';

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

class Sound {
  constructor(audio) {
    this.audio = audio;
  }

  /* Whether it sounds within so many milliseconds; what comes later is not heard. */
  async begins(patience) {
    const hasBegun = await Promise.race([this.play(), pause(patience).then(() => false)]);
    if (!hasBegun) this.audio.pause();
    return hasBegun;
  }

  play() {
    return this.audio.play().then(() => true, () => false);
  }

  /* Whether it was heard to its end. A sound device that was pulled out never ends. */
  async ends() {
    if (this.audio.ended) return true;
    const { duration, currentTime } = this.audio;
    const rest = Number.isFinite(duration) ? (duration - currentTime) * 1000 : LONGEST_MS;
    const listeners = new AbortController();
    const event = (name, answer) => new Promise((done) =>
      this.audio.addEventListener(name, () => done(answer), { once: true, signal: listeners.signal }));
    const answer = await Promise.race([
      event("ended", true), event("error", false), pause(rest + SLACK_MS).then(() => false),
    ]);
    listeners.abort();
    return answer;
  }
}

export class Chime extends Sound {
  async rings() {
    if (this.audio.error) this.audio.load();
    this.audio.currentTime = 0;
    const hasBegun = await this.begins((this.audio.duration || 0) * 1000 + SLACK_MS);
    if (hasBegun) await this.ends();
    return hasBegun;
  }
}

/* What the server has spoken of a call: Opus, or WAV for a browser that knows no Opus. */
export class Voice extends Sound {
  /* Fetched while the chime sounds. */
  load(address) {
    const isOpus = this.audio.canPlayType(OPUS) !== "";
    Object.assign(this, { address, isOpus, loadedAt: performance.now() });
    this.audio.src = isOpus ? address : asWav(address);
  }

  /* Whether it sounds within 2 s of being asked for; the chime's time counts. */
  async isThere() {
    const spent = performance.now() - this.loadedAt;
    return this.begins(Math.max(SLACK_MS / 2, PATIENCE_MS - spent));
  }

  async play() {
    const hasBegun = await super.play();
    if (hasBegun || !this.isOpus || this.audio.error === null) return hasBegun;
    this.isOpus = false;
    this.audio.src = asWav(this.address);
    return super.play();
  }

  /* Gives back what was fetched, or is still being fetched. */
  clear() {
    this.audio.removeAttribute("src");
    this.audio.load();
  }
}

function asWav(address) {
  const wav = new URL(address, location.href);
  wav.searchParams.set("format", "wav");
  return wav.href;
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

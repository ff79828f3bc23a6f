/* Announces one call after the other: the chime, then the voice. Never two at once, and
   what cannot be spoken in time has had its chime. */

export class Announcer {
  /* `now()` is the server's time, a Date. `onTurn(announcement)` when its turn comes,
     `onSound(isAudible)` after each chime, `onVoice(announcement, {from, to})` when the
     voice begins (`to` is null) and has been heard to its end; `onEnd(announcement)`. */
  constructor({ turns, chime, voice, now, onTurn, onSound, onVoice, onEnd }) {
    Object.assign(this, { turns, chime, voice, now, onTurn, onSound, onVoice, onEnd });
    this.isBusy = false;
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let turn = this.next(); turn !== null; turn = this.next()) await this.announce(turn);
    } finally {
      this.isBusy = false;
    }
  }

  /* Only so that the sound is heard to be on. */
  async ring() {
    if (this.isBusy) return;
    this.isBusy = true;
    this.onSound(await this.chime.rings());
    this.isBusy = false;
    await this.run();
  }

  next() {
    return this.turns.next(performance.now(), this.now());
  }

  async announce({ announcement, isSpoken }) {
    const hasVoice = isSpoken && Boolean(announcement.audio_url);
    this.onTurn(announcement);
    if (hasVoice) this.voice.load(announcement.audio_url);
    const isAudible = await this.chime.rings();
    this.onSound(isAudible);
    if (hasVoice && isAudible && this.turns.isCalled(announcement)) await this.speak(announcement);
    if (hasVoice) this.voice.clear();
    this.turns.end(announcement.id);
    this.onEnd(announcement);
  }

  async speak(announcement) {
    if (!await this.voice.isThere()) return;
    const from = this.now();
    this.onVoice(announcement, { from, to: null });
    if (await this.voice.ends()) this.onVoice(announcement, { from, to: this.now() });
  }
}

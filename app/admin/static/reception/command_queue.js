/* One thing at a time, also while the search is asked. What may wait its turn has a queue
   of its own, a source: `isWaiting` says whether it has work, `work()` does it. */

export class CommandQueue {
  constructor({ isBusy, onNotYet, onRefusal }) {
    Object.assign(this, { isBusy, onNotYet, onRefusal, isWorking: false, last: null, sources: [] });
  }

  /* Earlier sources have their turn first. */
  addSource(source) {
    this.sources.push(source);
  }

  get isWaiting() {
    return this.sources.some(({ isWaiting }) => isWaiting);
  }

  /* Nothing if something is under way: whatever may wait has a source. */
  async run(work) {
    if (this.isWorking || this.isBusy()) return;
    this.isWorking = true;
    try {
      await work();
    } catch (problem) {
      this.onRefusal(problem);
    } finally {
      this.isWorking = false;
    }
    if (this.last) return this.last();
    const next = this.sources.find(({ isWaiting }) => isWaiting);
    if (next) await this.run(() => next.work());
  }

  /* A command is about what is shown now: it does not wait until that is another. */
  runNow(work) {
    return this.isWorking ? this.onNotYet() : this.run(work);
  }

  /* After what is under way, which may still be done, comes `last` and nothing more. */
  end(last) {
    this.last = last;
    if (!this.isWorking) last();
  }
}

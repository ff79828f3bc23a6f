/* One topic of the server, live: what the server last said, or that it is silent.

   live({topic: "display:3", onSnapshot, onAnnouncements, onState, after})
   onSnapshot(data, message)  the whole view, each time it changed
   onAnnouncements(list)      those not handed over before, oldest first
   onState({state, at})       "connecting" until the first message; "live"; "stale" after
     5 s of silence; "refused": the server is there but does not open this topic, or
     the topic is gone; it is tried again;
     "signed-out": revoked, final. `at`: the server's time of the newest data, or null
   Returns {close()}. It reconnects for ever and computes nothing of the queue. */

const SILENCE = 5000;
const TICK = 500;
const SOONEST = 300;
const LATEST = 3000;
const REVOKED = 4401;
const GONE = 4404;
const DOUBTS = 2;

export function live(options) {
  const line = new Line(options);
  return { close: () => line.close() };
}

class Line {
  constructor({ topic, onSnapshot, onAnnouncements, onState, after = null }) {
    Object.assign(this, { topic, after, onSnapshot });
    Object.assign(this, { painted: -1, doubts: 0, at: null, ended: false });
    this.onAnnouncements = onAnnouncements ?? (() => {});
    this.onState = onState ?? (() => {});
    this.tell("connecting");
    this.heardAt = performance.now();
    this.watchdog = setInterval(() => this.watch(), TICK);
    this.open();
  }

  open() {
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.heard = false;
    this.openedAt = performance.now();
    socket.onmessage = (event) => this.hear(JSON.parse(event.data), socket);
    socket.onclose = (event) => this.lost(event, socket);
  }

  address() {
    const address = new URL("/api/v1/live", location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("topic", this.topic);
    if (this.after !== null) address.searchParams.set("after", this.after);
    return address;
  }

  /* A socket can be dead and look open, so silence alone ends it. */
  watch() {
    const now = performance.now();
    if (now - this.heardAt < SILENCE) return;
    if (this.state !== "refused") this.tell("stale");
    if (this.socket && now - this.openedAt >= SILENCE) this.drop();
  }

  hear(message, socket) {
    if (socket !== this.socket) return;
    this.heard = true;
    this.heardAt = performance.now();
    if (this.isBehind(message)) return this.startOver();
    if (message.type === "snapshot") this.paint(message);
    this.at = new Date(message.now);
    this.tell("live");
  }

  paint(message) {
    if (message.revision >= this.painted) {
      this.painted = message.revision;
      this.onSnapshot(message.data, message);
    }
    const last = this.after;
    const fresh = (message.announcements ?? []).filter(({ id }) => last === null || id > last);
    if (fresh.length === 0) return;
    this.after = Math.max(...fresh.map(({ id }) => id));
    this.onAnnouncements(fresh);
  }

  /* The revision never falls, unless a backup was restored: then what is painted never
     happened, and what is new has ids that were heard of already. One heartbeat may be
     older than the snapshot that overtook it, not two. */
  isBehind(message) {
    if (message.type === "snapshot") return message.newest_announcement < this.after;
    this.doubts = message.revision < this.painted ? this.doubts + 1 : 0;
    return this.doubts >= DOUBTS;
  }

  startOver() {
    Object.assign(this, { painted: -1, doubts: 0, after: null });
    this.drop();
  }

  drop() {
    this.hangUp();
    this.again();
  }

  hangUp() {
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  lost(event, socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    if (event.code === REVOKED) {
      this.close();
      return this.tell("signed-out");
    }
    if (event.code === GONE) this.tell("refused");
    if (!this.heard) this.askWhetherRefused();
    this.again();
  }

  /* A browser hides why a socket was not opened; a server that answers elsewhere
     refused it. It is still tried again. */
  askWhetherRefused() {
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => answer.ok, () => false)
      .then((there) => {
        if (this.heard || this.ended) return;
        if (there) this.tell("refused");
        else if (this.state === "refused") this.tell("stale");
      });
  }

  again() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), SOONEST + Math.random() * (LATEST - SOONEST));
  }

  tell(state) {
    if (state === this.state && state !== "live") return;
    this.state = state;
    this.onState({ state, at: this.at });
  }

  close() {
    this.ended = true;
    clearInterval(this.watchdog);
    clearTimeout(this.retry);
    this.hangUp();
  }
}

/* One topic of the server, live: what the server last sent, or that it is silent.

   live({topic: "display:3", onSnapshot, onAnnouncements, onState, after})
   onSnapshot(data, message)  the whole view, each time it changed
   onAnnouncements(list)      those not handed over before, oldest first
   onState({state, at})       "connecting" until the first message; "live"; "stale" after
     a silence (ANTREAN_STALE_AFTER_SECONDS); "refused": the server is there but does not
     open this topic, or the topic is gone; it is tried again;
     "signed-out": revoked, final. `at`: the server's time of the newest data, or null
   Returns {close()}. It reconnects for ever and computes nothing of the queue. */

const TICK_MS = 500;
const MIN_RETRY_MS = 300;
const MAX_RETRY_MS = 3000;
const REVOKED = 4401;
const TOPIC_GONE = 4404;
const MAX_DOUBTS = 2;

/* The frame of every page says it (base.html), and again the boards, which outlive a server. */
const staleAfter = () => Number(document.documentElement.dataset.staleAfter);

export function live(options) {
  const connection = new Connection(options);
  return { close: () => connection.close() };
}

class Connection {
  constructor({ topic, onSnapshot, onAnnouncements, onState, after = null }) {
    Object.assign(this, { topic, after, onSnapshot });
    Object.assign(this, { painted: -1, doubts: 0, at: null, ended: false });
    this.silence = staleAfter() * 1000;
    this.onAnnouncements = onAnnouncements ?? (() => {});
    this.onState = onState ?? (() => {});
    this.report("connecting");
    this.receivedAt = performance.now();
    this.watchdog = setInterval(() => this.watch(), TICK_MS);
    this.open();
  }

  open() {
    const socket = new WebSocket(this.address());
    this.socket = socket;
    this.hasReceived = false;
    this.openedAt = performance.now();
    socket.onmessage = (event) => this.receive(JSON.parse(event.data), socket);
    socket.onclose = (event) => this.onClosed(event, socket);
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
    if (now - this.receivedAt < this.silence) return;
    if (this.state !== "refused") this.report("stale");
    if (this.socket && now - this.openedAt >= this.silence) this.drop();
  }

  receive(message, socket) {
    if (socket !== this.socket) return;
    this.hasReceived = true;
    this.receivedAt = performance.now();
    if (this.isBehind(message)) return this.startOver();
    if (message.type === "snapshot") this.paint(message);
    this.at = new Date(message.now);
    this.report("live");
  }

  paint(message) {
    if (message.revision >= this.painted) {
      this.painted = message.revision;
      this.silence = (message.data?.stale_after_seconds ?? staleAfter()) * 1000;
      this.onSnapshot(message.data, message);
    }
    const last = this.after;
    const fresh = (message.announcements ?? []).filter(({ id }) => last === null || id > last);
    if (fresh.length === 0) return;
    this.after = Math.max(...fresh.map(({ id }) => id));
    this.onAnnouncements(fresh);
  }

  /* The revision never falls, unless a backup was restored: then what is painted never
     happened, and what is new has ids that were used already. One heartbeat may be
     older than the snapshot that overtook it, not two. */
  isBehind(message) {
    if (message.type === "snapshot") return message.newest_announcement < this.after;
    this.doubts = message.revision < this.painted ? this.doubts + 1 : 0;
    return this.doubts >= MAX_DOUBTS;
  }

  startOver() {
    Object.assign(this, { painted: -1, doubts: 0, after: null });
    this.drop();
  }

  drop() {
    this.closeSocket();
    this.retryLater();
  }

  closeSocket() {
    if (!this.socket) return;
    this.socket.onmessage = this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  onClosed(event, socket) {
    if (socket !== this.socket) return;
    this.socket = null;
    if (event.code === REVOKED) {
      this.close();
      return this.report("signed-out");
    }
    if (event.code === TOPIC_GONE) this.report("refused");
    if (!this.hasReceived) this.checkRefusal();
    this.retryLater();
  }

  /* A browser hides why a socket was not opened; a server that answers elsewhere
     refused it. It is still tried again. */
  checkRefusal() {
    fetch("/healthz", { cache: "no-store" })
      .then((answer) => answer.ok, () => false)
      .then((there) => {
        if (this.hasReceived || this.ended) return;
        if (there) this.report("refused");
        else if (this.state === "refused") this.report("stale");
      });
  }

  retryLater() {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), MIN_RETRY_MS + Math.random() * (MAX_RETRY_MS - MIN_RETRY_MS));
  }

  report(state) {
    if (state === this.state && state !== "live") return;
    this.state = state;
    this.onState({ state, at: this.at });
  }

  close() {
    this.ended = true;
    clearInterval(this.watchdog);
    clearTimeout(this.retry);
    this.closeSocket();
  }
}

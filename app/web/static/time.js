/* The server's clock, which runs on between messages; the PC's own is not trusted. */

const zone = document.querySelector("[data-zone]").dataset.zone;
const locale = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
const shortFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", timeZone: zone });
const exactFormat = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone: zone, hourCycle: "h23" });

let serverMoment = 0;
let receivedAt = 0;

export function setClock(moment) {
  serverMoment = moment.getTime();
  receivedAt = performance.now();
}

/* Milliseconds since the epoch. */
export function serverTime() {
  return serverMoment + performance.now() - receivedAt;
}

/* Milliseconds since `moment`, never below zero. */
export function since(moment) {
  return Math.max(0, serverTime() - Date.parse(moment));
}

export function minutesSince(moment) {
  return Math.floor(since(moment) / 60_000);
}

/* `4:07`, and `1:04:07` past the hour. */
export function stopwatch(moment) {
  const seconds = Math.floor(since(moment) / 1000);
  const pad = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${pad(seconds % 60)}`;
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`;
}

export function clockTime(moment) {
  return shortFormat.format(new Date(moment));
}

export function exactTime(moment) {
  return exactFormat.format(moment);
}

/* What people write on a slip, read: its number, and the time of day in the mall's zone. */

/* Reads a number by the server's pattern: its prefix and what was drawn, 0 for no number. */
export function numberReader(pattern) {
  const number = new RegExp(`^(?:${pattern})$`);
  return (text) => {
    const [, prefix = "", drawn = "0"] = number.exec(text.trim().toUpperCase()) ?? [];
    return { prefix: prefix.trim(), drawn: Number(drawn) };
  };
}

/* Reads `9.15`, `09:15` or `0915`, by the server's pattern, as ["09", "15"]; null for anything
   else. */
export function timeReader(pattern) {
  const time = new RegExp(`^(?:${pattern})$`);
  return (text) => {
    const match = time.exec(text.trim());
    return match ? [match[1].padStart(2, "0"), match[2]] : null;
  };
}

/* That time of that day in the zone: the PC's own zone plays no part. */
export function momentOf(day, [hour, minute], zone) {
  const guess = Date.parse(`${day}T${hour}:${minute}:00Z`);
  return new Date(guess - offset(guess, zone)).toISOString();
}

function offset(at, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });
  return Date.parse(`${parts.format(at).replace(", ", "T")}Z`) - at;
}

/* Puts into words how a command went. */

import { pauseText } from "/static/counters/pause/words.js";
import { word } from "/static/web/words.js";

export function showResult(notice, command, answer, number, counter) {
  if (command === "serve-next") return showServedNext(notice, answer, counter);
  if (answer === null) return notice.show("info", word("done-nobody"));
  notice.show("info", word(`done-${command}`, { number: answer.number ?? number }));
}

function showServedNext(notice, { served, called }, counter) {
  const done = word("done-serve", { number: served.number });
  notice.show("info", done, called ? word("done-call-next", { number: called.number }) : nobodyText(counter));
}

function nobodyText(counter) {
  return counter.pause ? pauseText(counter) : word("done-nobody");
}

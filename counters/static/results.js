/* Puts into words how a command went. */

import { word } from "/static/web/words.js";

export function showResult(notice, command, answer, number) {
  if (command === "serve-next") return showServedNext(notice, answer);
  if (answer === null) return notice.show("info", word("done-nobody"));
  notice.show("info", word(`done-${command}`, { number: answer.number ?? number }));
}

function showServedNext(notice, { served, called }) {
  const done = word("done-serve", { number: served.number });
  notice.show("info", done, called ? word("done-call-next", { number: called.number }) : word("done-nobody"));
}

/* Puts into words how a command went. */

import { word } from "/static/web/words.js";

export function sayDone(told, command, answer, number) {
  if (command === "serve-next") return sayServedNext(told, answer);
  if (answer === null) return told.say("info", word("said-nobody"));
  told.say("info", word(`said-${command}`, { number: answer.number ?? number }));
}

function sayServedNext(told, { served, called }) {
  const done = word("said-serve", { number: served.number });
  told.say("info", done, called ? word("said-call-next", { number: called.number }) : word("said-nobody"));
}

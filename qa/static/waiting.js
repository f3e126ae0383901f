// What stands where an answer is to come: that it is awaited, or what keeps it away.

import { action, bidi, el } from "./dom.js";
import { Failure } from "./service.js";

const EVERY = 3_000; // milliseconds between two looks whether the service is back

/** What keeps a question from its answer, with a way to try again. */
export function failed(turn, error) {
  const reason =
    error === null
      ? "Stopped before there was an answer."
      : error instanceof Failure
        ? `The service could not answer: ${error.message.replace(/\.?$/, ".")}`
        : "The service cannot be reached, or what it sent cannot be read.";
  const retry = action("retry", "Try again", { className: "" });
  turn.body.replaceChildren(el("div", { className: "failure" }, bidi("p", reason), retry));
  return reason;
}

/** Calls `again` once a service that was away answers, as long as that is `wanted`. */
export async function whenBack(wanted, again) {
  const ready = async () => (await fetch("/readyz").catch(() => ({ ok: false }))).ok;
  if (await ready()) return; // it is something else that failed
  while (wanted()) {
    await new Promise((done) => setTimeout(done, EVERY));
    if (wanted() && (await ready())) return void again();
  }
}

export function waiting(turn, slow = false) {
  const text = slow ? "This takes longer than usual…" : "Searching the documents…";
  const retry = slow ? action("retry", "Try again") : null;
  turn.body.replaceChildren(el("p", { className: "waiting" }, text, " ", retry));
}

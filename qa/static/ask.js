// The box, and a question's way to the service and back.

import { byId, say } from "./dom.js";
import { addressOf, remember, showAddress } from "./storage.js";
import { leave } from "./reader.js";
import { leansOn } from "./interpretation.js";
import { call, Failure } from "./service.js";
import { add, chain, drop, save, thread } from "./thread.js";
import { failed, waiting, whenBack } from "./waiting.js";

const MAX_QUESTION = 2000; // in code points, as the service counts
const MAX_HISTORY = 20;
const SLOW = 4_000;
const TOO_SLOW = 60_000;

const [box, limit] = [byId("box"), byId("limit")];
/** The turn that waits for its answer, and the means to stop it. */
let pending = null;
/** Ids of the documents that questions are asked of; null: of all. */
let scope = null;
let settled = () => {};

export const isPending = () => pending !== null;

/** `changed` is called whenever what is on the page may have to change with the thread. */
export function onSettled(changed) {
  settled = changed;
}

export function setScope(documents) {
  scope = documents;
}

export function submit() {
  const question = box.value.trim();
  if (pending || !question) return;
  if ([...question].length > MAX_QUESTION) {
    say(limit.textContent);
    return;
  }
  const last = thread.turns.at(-1);
  if (last && !last.reply && last.question === question) drop(last);
  fill("");
  run(add(question, { documents: scope }));
}

/** Asks `turn`, again where it was asked before. Never throws: a failure is shown. */
export async function run(turn, { anew = true } = {}) {
  cancel();
  leave();
  const controller = new AbortController();
  pending = { turn, controller };
  waiting(turn);
  const slow = setTimeout(() => {
    waiting(turn, true);
    say("This takes longer than usual.");
  }, SLOW);
  const late = setTimeout(
    () => controller.abort(new Failure("it did not answer within a minute")),
    TOO_SLOW,
  );
  update(turn);
  focusFor(turn);
  showAddress(addressOf(chain(turn), turn), anew);
  try {
    await answer(turn, controller.signal);
  } catch (error) {
    fail(turn, controller, error);
  } finally {
    clearTimeout(slow);
    clearTimeout(late);
    if (pending?.controller === controller) {
      pending = null;
      update(turn);
    }
  }
}

async function answer(turn, signal) {
  const history = turn.alone ? [] : historyOf(turn);
  const { question, documents, exact } = turn;
  const body = { question, history };
  if (documents) body.documents = documents;
  if (exact) body.correct_spelling = false;
  const showing = import("./answer.js");
  const reply = await call("/v1/ask", { body, signal });
  const { render, spoken } = await showing;
  const former = history.at(-1)?.question;
  turn.leans = Boolean(former) && leansOn(former, question, reply.interpreted_as);
  turn.reply = reply;
  turn.at = Date.now();
  delete turn.rating;
  render(turn);
  showAddress(addressOf(chain(turn), turn));
  if (box.value.trim() === question) fill("");
  say(spoken(reply));
}

function historyOf(turn) {
  return thread.turns
    .slice(0, thread.turns.indexOf(turn))
    .filter((one) => one.reply)
    .slice(-MAX_HISTORY)
    .map(({ question, reply }) => ({ question, answer: reply.answer }));
}

function fail(turn, { signal }, error) {
  // One that is asked again, or belongs to a conversation that is closed, has no say.
  const again = pending?.turn === turn && pending.controller.signal !== signal;
  if (again || !thread.turns.includes(turn)) return;
  turn.reply = null;
  const why = signal.aborted ? signal.reason : error;
  const reason = failed(turn, why instanceof DOMException ? null : why);
  if (!box.value.trim()) fill(turn.question);
  say(`${reason} Your question is kept.`);
  const last = () => thread.turns.at(-1) === turn && !turn.reply && !pending;
  if (!signal.aborted) whenBack(last, () => run(turn, { anew: false }));
}

export function cancel() {
  pending?.controller.abort();
}

function focusFor(turn) {
  // On a phone the box would bring the keyboard up over the answer.
  const target = matchMedia("(pointer: fine)").matches ? box : turn.item.firstChild;
  if (document.activeElement !== box) target.focus({ preventScroll: true });
}

function update(turn) {
  save();
  settled();
  if (thread.turns.includes(turn)) turn.item.scrollIntoView({ block: "start", behavior: "instant" });
}

export function fill(text) {
  box.value = text;
  typed();
}

export function typed() {
  box.parentElement.dataset.text = box.value;
  const length = [...box.value.trim()].length;
  const near = length > MAX_QUESTION - 200;
  limit.textContent = near ? `${length} of at most ${MAX_QUESTION} characters` : "";
  limit.className = length > MAX_QUESTION ? "over" : "";
  remember("draft", box.value);
}

// The conversation: its turns, in order, each with its place on the page.

import { byId, el } from "./dom.js";
import { keep } from "./storage.js";

const list = byId("thread");

/** @type {{id: string, at: number, turns: object[]}} */
export const thread = { id: "", at: 0, turns: [] };

/** Appends a turn. `known` is what was kept of it, or how it is to be asked. */
export function add(question, known = {}) {
  const heading = el("h2", { textContent: question, dir: "auto", tabIndex: -1 });
  const body = el("div");
  const item = el("li", { className: "turn" }, heading, body);
  const turn = { question, reply: null, ...known, item, body };
  thread.turns.push(turn);
  list.append(item);
  return turn;
}

export function drop(turn) {
  turn.item.remove();
  thread.turns = thread.turns.filter((one) => one !== turn);
}

/** Makes the page a page of `kept`, or of nothing yet. */
export function begin(kept = null) {
  list.replaceChildren();
  thread.id = kept?.id ?? `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  thread.at = kept?.at ?? Date.now();
  thread.turns = [];
  for (const { question, ...known } of kept?.turns ?? []) add(question, known);
}

export const turnOf = (node) => thread.turns.find((one) => one.item.contains(node));

/** The questions that one needs to be understood: those before it that it leans on, and it. */
export function chain(turn) {
  const { turns } = thread;
  let first = turns.indexOf(turn);
  while (first > 0 && turns[first].leans && turns.indexOf(turn) - first < 5) first -= 1;
  return turns.slice(first, turns.indexOf(turn) + 1).map((one) => one.question);
}

export function save() {
  const turns = thread.turns.map(({ item, body, ...kept }) => kept);
  keep({ id: thread.id, at: thread.at, turns });
}

// Which documents questions are asked of, chosen in the list of documents.

import { setScope } from "./ask.js";
import { action, bidi, byId } from "./dom.js";
import { recall, remember } from "./storage.js";

const line = byId("scope");
/** Ids with titles; empty: all documents. */
let chosen = new Map(recall("scope", []));

export const isChosen = (id) => chosen.has(id);

export const chosenIds = () => [...chosen.keys()];

/** Asks these alone, given as pairs of id and title; none: all. */
export function choose(pairs) {
  chosen = new Map(pairs);
  settle();
}

export function toggle(id, title, on) {
  chosen.delete(id);
  if (on) chosen.set(id, title);
  settle();
}

/** Says above the box what is asked. */
export function settle() {
  remember("scope", [...chosen]);
  setScope(chosen.size ? chosenIds() : null);
  line.hidden = !chosen.size;
  const titles = bidi("b", [...chosen.values()].join("; "));
  line.replaceChildren("Asked of ", titles, " only. ", action("all", "Ask all"));
}

// Which documents questions are asked of, chosen in the list of documents.

import { setScope } from "./ask.js";
import { action, bidi, byId } from "./dom.js";
import { call } from "./service.js";
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

/** The same by their ids alone; their titles come when the service gives them. */
export async function chooseById(ids) {
  choose(ids.map((id) => [id, id]));
  const titled = await Promise.all(
    ids.map(async (id) => {
      const known = call(`/v1/collection/documents/${encodeURIComponent(id)}`);
      return [id, await known.then(({ title }) => title).catch(() => id)];
    }),
  );
  if (`${ids}` === `${chosenIds()}`) choose(titled);
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

// A document's text in the reading panel, with the cited words marked.

import { byId, el } from "./dom.js";
import { indices } from "./service.js";
import { placeOf } from "./versions.js";

export { wholeAddress } from "./versions.js";

const [state, text] = ["reader-state", "reader-text"].map(byId);
const AROUND = 20_000; // code points shown on either side in a long document

/** Shows the words of `one` in the document `found`; returns where they stand in it, what is `said`
    of that, and what is said of a text that is shown in `part`. */
export function present(one, found) {
  const { text: all, sections } = found;
  const { from, to, said } = placeOf(one, found);
  if (from === undefined) {
    state.textContent = said;
    text.replaceChildren(...pieces(all, 0, Math.min(all.length, AROUND), sections));
    return { said, part: "" };
  }
  const long = all.length > 3 * AROUND;
  const first = long ? all.lastIndexOf("\n", Math.max(0, from - AROUND)) + 1 : 0;
  const after = long ? all.indexOf("\n", to + AROUND) : -1;
  const last = after < 0 ? all.length : after;
  const part = first > 0 || last < all.length ? "Only the part around them is shown." : "";
  state.textContent = [said, part].filter(Boolean).join(" ");
  const mark = el("mark", { id: "quoted" }, ...pieces(all, from, to, sections));
  text.replaceChildren(
    ...pieces(all, first, from, sections),
    mark,
    ...pieces(all, to, last, sections),
  );
  toMark();
  return { from, to, said, part };
}

/** Scrolls to the cited words. */
export const toMark = () => byId("quoted")?.scrollIntoView({ block: "center", behavior: "instant" });

/** A stretch of a text as nodes, its headings set apart. */
function pieces(all, from, to, sections) {
  const ends = sections.flatMap((one) => [one.start_char_index, one.end_char_index]);
  const places = indices(all, ends);
  const parts = [];
  let position = from;
  sections.forEach(({ level }, n) => {
    const opens = Math.max(places[2 * n] ?? 0, from);
    const closes = Math.min(places[2 * n + 1] ?? 0, to);
    if (opens >= closes) return;
    const heading = el("strong", { className: "heading", role: "heading" }, all.slice(opens, closes));
    heading.ariaLevel = String(Math.min(level + 2, 6));
    parts.push(all.slice(position, opens), heading);
    position = closes;
  });
  return [...parts, all.slice(position, to)];
}

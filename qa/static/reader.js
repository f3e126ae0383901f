// The reading panel: a citation's words, marked in the document's own text.

import { copy, quoted, sectionOf } from "./cite.js";
import { byId, el, say } from "./dom.js";
import { addressOf, showAddress } from "./storage.js";
import { documentOf } from "./service.js";
import { show } from "./side.js";
import { chain } from "./thread.js";

const panel = byId("reader");
const found = byId("collection"); // where passages are found by a search
const [count, title, section, state, text, whole, previous, next] =
  "count title section state text whole previous next"
    .split(" ")
    .map((id) => byId(`reader-${id}`) ?? byId(id));
/** Shows a document's text and tells its versions apart, and shows its pages as they are printed:
    loaded with the first citation, and with the first of a document with pages. */
let [source, printed] = [null, null];
/** What is open: the turn, the name of the pick in it, and the citation or passage. */
let open = null;
/** Ends when its document is shown, or cannot be. */
let shown = Promise.resolve();

export const isOpen = () => !panel.hidden;

/** Does what a key does to a printed page; false where it does nothing. */
export const pressed = (key) => isOpen() && Boolean(printed?.pressed(key));

const LISTS = { p: "passages", n: "closest", "": "citations" };
const RANKS = { p: "Passage", n: "Closest quote", "": "Citation" };
const kindOf = (pick) => pick.match(/^[pn]?/)[0];
const listOf = ({ reply }, pick) => reply?.[LISTS[kindOf(pick)]] ?? [];
const numberOf = (pick) => pick.slice(kindOf(pick).length);

/** The citation "1", the passage "p1" or the closest quote "n1" of a turn. */
export const picked = (turn, pick) => listOf(turn, pick)[Number(numberOf(pick)) - 1];

/** Opens a pick of a turn; false where it has no such one. */
export function openPick(turn, pick, { focus = true } = {}) {
  const one = picked(turn, pick);
  if (!one) return false;
  const before = isOpen();
  open = { turn, pick, one };
  // What a search found belongs to no question, so the address stays as it is.
  if (turn.item) showAddress(addressOf(chain(turn), turn, pick), !before);
  current();
  shown = read(open, focus);
  return true;
}

async function read(wanted, focus) {
  const { turn, pick, one } = wanted;
  source ??= await import("./text.js").catch(() => null);
  if (one.page) printed ??= await import("./printed.js").catch(() => null);
  if (open !== wanted) return;
  label(turn, pick, one);
  state.textContent = "Opening the document…";
  text.replaceChildren();
  printed?.clear(one);
  show(panel);
  if (focus) (printed?.view() ?? text).focus({ preventScroll: true });
  try {
    const found = await documentOf(one.document_id);
    if (open !== wanted) return;
    const place = source.present(one, found);
    if (one.page) await printed?.present(one, found, place, () => open === wanted);
  } catch {
    if (open === wanted) state.textContent = "The document cannot be read now. Choose it again to retry.";
  }
}

function label(turn, pick, one) {
  const of = kindOf(pick) === "p" ? "" : ` of ${listOf(turn, pick).length}`;
  const rank = `${RANKS[kindOf(pick)]} ${numberOf(pick)}${of}`;
  count.textContent = rank;
  title.textContent = one.document_title;
  section.textContent = sectionOf(one);
  byId("reader-ocr").hidden = !one.ocr;
  text.ariaLabel = `${rank}: text of ${one.document_title}`;
  whole.href = source?.wholeAddress(one) ?? one.url;
  const marks = allMarks();
  const place = marks.findIndex((mark) => mark.ariaCurrent === "true");
  previous.disabled = place < 0 ? !marks.length : place === 0;
  next.disabled = place < 0 ? !marks.length : place === marks.length - 1;
}

/** Closes the panel; the focus goes back to the mark that opened it. */
export function close() {
  if (!open) return show(null);
  const { turn, pick } = open;
  open = null;
  show(turn.item ? null : found);
  current();
  if (turn.item) showAddress(addressOf(chain(turn), turn));
  (turn.item ?? found).querySelector(`[data-pick="${pick}"]`)?.focus();
}

const allMarks = () => [...byId("thread").querySelectorAll("a.mark")];

/** Goes to the citation `by` places on, in the order of the page; from none, to the last
    answer's first. */
export function step(by) {
  const marks = allMarks();
  if (!marks.length) return;
  const place = marks.findIndex((mark) => mark.ariaCurrent === "true");
  const latest = marks.at(-1).closest(".turn");
  const target = place < 0 ? marks.find((mark) => latest.contains(mark)) : marks[place + by];
  if (target) target.click();
  else say(by > 0 ? "That was the last citation." : "That was the first citation.");
}

/** Shows on the marks which of them is open. */
function current() {
  for (const mark of byId("thread").querySelectorAll("a[data-pick]")) {
    const is = open?.turn.item?.contains(mark) && mark.dataset.pick === open.pick;
    mark.ariaCurrent = is ? "true" : null;
  }
}

/** Lets go of what is open without moving the focus, for another conversation. */
export function leave() {
  open = null;
  show(null);
}

previous.addEventListener("click", () => step(-1));
next.addEventListener("click", () => step(1));
byId("close").addEventListener("click", close);
byId("reader-copy").addEventListener("click", async () => {
  const wanted = open;
  const done = await copy(quoted(wanted.one, wanted.turn.at ?? Date.now()));
  const said = done ? "Copied." : "The browser does not let this page copy.";
  say(said);
  await shown; // which says something there, too
  if (open === wanted) state.textContent = said;
});

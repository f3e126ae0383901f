// A citation and the versions of its document: its address, and its words in another version.

import { indices } from "./service.js";
import { thread } from "./thread.js";

const MOVED = "This document has changed since; the words now stand here.";
const GONE = "This document has changed since, and the cited words are gone. Nothing is marked.";
const LACKING = "This document does not hold the cited words. Nothing is marked.";
const HERE = "The words have moved to this place.";
// What may not stand right before or after a word or number, which would then be part of another.
const BEFORE = "(?<![\\p{L}\\p{M}\\p{N}]|\\d[.,:/]|[\\p{L}\\p{N}]['’])";
const AFTER = "(?![\\p{L}\\p{M}\\p{N}]|[.,:/]\\d|['’][\\p{L}\\p{N}])";

/** The document's own page, with the other citations of the conversation marked too: those that
    were taken from the same text of it. */
export function wholeAddress(one) {
  const address = new URL(one.url, location.origin);
  const query = address.searchParams;
  const version = versionOf(one);
  if (version && !query.has("sha256")) query.set("sha256", version);
  const cited = thread.turns.flatMap((turn) => turn.reply?.citations ?? []);
  const here = cited.filter(
    (other) => other.document_id === one.document_id && versionOf(other) === version,
  );
  for (const range of new Set(here.map(rangeOf))) query.append("also", range);
  address.hash = "cited";
  return address.href;
}

const queryOf = (one) => new URL(one.url, location.origin).searchParams;

/** First digits of the hash of the document that a citation or a passage was taken from. */
const versionOf = (one) => (one.document_sha256 ?? queryOf(one).get("sha256") ?? "").slice(0, 12);

/** The range of a citation, with its fingerprint where its address has one. */
function rangeOf(one) {
  const words = queryOf(one).get("words");
  return `${one.start_char_index}-${one.end_char_index}${words ? `.${words}` : ""}`;
}

/** Where the words of `one` stand in the document `found`, and what is to be said of that. */
export function placeOf(one, { sha256, text: all }) {
  const words = one.cited_text ?? one.text;
  const version = versionOf(one);
  const same = version !== "" && sha256.startsWith(version);
  const near = indices(all, [one.start_char_index])[0] ?? all.length;
  if (same && all.startsWith(words, near)) return { from: near, to: near + words.length, said: "" };
  return found(words, all, near, { same, known: version !== "" });
}

/** Where `words` stand in the text `all`, closest to `near`, and what is to be said of that. `same`:
    it is the text that they were taken from; `known`: whether that can be told. */
function found(words, all, near, { same, known }) {
  const place = nearest(words, all, near);
  if (!place) return { said: same ? LACKING : GONE };
  const [from, to] = place;
  if (same) return { from, to, said: HERE };
  return { from, to, said: known || from !== near ? MOVED : "" };
}

/** Where `words` stand in `all`, closest to `near`: whatever the blanks between them, but never
    within a longer word or number. */
function nearest(words, all, near) {
  const parts = words.split(/\s+/u).filter(Boolean);
  if (!parts.length) return null;
  const plain = parts.map((one) => one.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("\\s+");
  const before = /^[\p{L}\p{N}]/u.test(parts[0]) ? BEFORE : "";
  const after = /[\p{L}\p{N}]$/u.test(parts.at(-1)) ? AFTER : "";
  const places = [...all.matchAll(new RegExp(`${before}${plain}${after}`, "gu"))];
  const far = ({ index }) => Math.abs(index - near);
  const [best] = places.sort((one, other) => far(one) - far(other));
  return best ? [best.index, best.index + best[0].length] : null;
}

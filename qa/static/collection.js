// The documents: what there is, which of them are asked, and a search within them.

import { ranked } from "./answer.js";
import { action, bidi, byId, el, say } from "./dom.js";
import { chosenIds, isChosen, toggle } from "./scope.js";
import { call, Failure } from "./service.js";
import { show } from "./side.js";

document.head.append(el("link", { rel: "stylesheet", href: "/static/documents.css" }));
const [panel, listed, words] = ["collection", "listed", "words"].map(byId);
let documents = null;
/** The search whose passages are shown or awaited; null: the list is shown. What comes late gives way. */
let searched = null;
/** What a search within the documents found, as a turn has it. */
let found = { reply: { passages: [], citations: [] } };

export async function openCollection() {
  show(panel);
  words.focus();
  searched = null;
  try {
    ({ documents } = await call("/v1/documents"));
    if (!searched) list();
  } catch {
    if (searched) return;
    const retry = action("collection", "Try again", { className: "" });
    listed.replaceChildren(
      el("div", { className: "failure" }, el("p", {}, "The documents cannot be listed now."), retry),
    );
  }
}

export function closeCollection() {
  show(null);
  byId("documents").focus();
}

export const foundPassages = () => found;

export function list() {
  searched = null;
  if (!documents) return;
  const wanted = words.value.trim().toLowerCase();
  const some = documents.filter((one) => one.title.toLowerCase().includes(wanted));
  const passages = documents.reduce((sum, one) => sum + one.passages, 0);
  const size = `${counted(documents.length, "document")}, ${counted(passages, "passage")}.`;
  const advice = "Tick those that questions are to be asked of; none means all.";
  const shown = some.length ? some : documents;
  listed.replaceChildren(
    el("p", { className: "about" }, `${size} ${advice} `, el("a", { href: "/collection" }, "Add or remove some")),
    el("ul", { role: "list", className: "documents" }, ...shown.map(row)),
  );
}

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** The name of a language by its ISO 639 code; "" where it is not known. */
const languageOf = (code) => (code && code !== "und" ? names.of(code) : "");

function row({ id, title, publisher, date, language, passages }) {
  const box = el("input", { type: "checkbox", checked: isChosen(id), id: `of-${id}` });
  box.addEventListener("change", () => toggle(id, title, box.checked));
  const parts = [publisher, date, languageOf(language), counted(passages, "passage")];
  const about = parts.filter(Boolean).join(" · ");
  const href = `/documents/${encodeURIComponent(id)}`;
  return el(
    "li",
    {},
    box,
    el(
      "div",
      {},
      el("label", { htmlFor: box.id, dir: "auto" }, title),
      el(
        "p",
        { className: "small" },
        bidi("span", about),
        el("a", { href, ariaLabel: `Read ${title}` }, "Read"),
      ),
    ),
  );
}

const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

async function search() {
  const q = words.value.trim();
  if (!q) return list();
  const filter = chosenIds().map((id) => ["documents", id]);
  const query = new URLSearchParams([["q", q], ["top_k", "20"], ...filter]);
  searched = query;
  try {
    const reply = await call(`/v1/search?${query}`);
    if (searched !== query) return;
    found = { reply: { ...reply, citations: [] } };
    // Vectors have something nearest to everything: where no word stands anywhere, that is said.
    const held = reply.passages.some((one) => one.matched_terms.length);
    const items = ranked(reply.passages, held);
    const size = counted(items.length, "passage");
    const title = held ? size : "Nothing found";
    const none = "No passage has these words. What is nearest in meaning:";
    listed.replaceChildren(
      el("h3", {}, `${title} for `, bidi("q", q)),
      action("collection", "Back to the list"),
      ...(items.length && !held ? [el("p", { className: "about" }, none)] : []),
      el("ol", { className: "passages" }, ...items),
    );
    say(`${title}.`);
  } catch (error) {
    if (searched !== query) return;
    const why = error instanceof Failure ? error.message : "the service cannot be reached";
    listed.replaceChildren(el("p", { className: "failure", role: "alert" }, `Not searched: ${why}.`));
  }
}

byId("within").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
words.addEventListener("input", list);
byId("collection-close").addEventListener("click", closeCollection);

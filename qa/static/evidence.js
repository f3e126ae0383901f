// Everything that bears on a question: asked for a page at a time, shown document by document.

import { addressOf, placeOf, sectionOf } from "./cite.js";
import { bidi, byId, el, prose } from "./dom.js";
import { call, Failure, failureOf } from "./service.js";

const FORMATS = { csv: "CSV", docx: "Word", md: "Markdown" };
const LIKELY = 0.5;
const [form, box, told, files, groups, more] = "form question told files groups more".split(" ").map(byId);
/** What is shown, and where its next page begins; a later question makes it give way. */
let shown = null;

const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

async function collect(question) {
  const asked = { question, next: 0 };
  shown = asked;
  groups.replaceChildren();
  [files.hidden, more.hidden] = [true, true];
  told.textContent = "Collecting…";
  await page(asked);
}

async function page(asked) {
  try {
    const body = { question: asked.question, offset: asked.next };
    const reply = await call("/v1/evidence", { body });
    if (shown !== asked) return;
    for (const one of reply.groups) add(one);
    asked.next = reply.next_offset;
    more.hidden = asked.next === null;
    files.hidden = !reply.total;
    tell(reply);
  } catch (error) {
    if (shown !== asked) return;
    const why = error instanceof Failure ? error.message : "the service cannot be reached";
    told.textContent = `Not collected: ${why}.`;
  }
}

function tell({ total, estimated_recall: share }) {
  const size = counted(total, "sentence");
  const part = `about ${Math.round(share * 100)}% of what there is, as estimated`;
  told.textContent = total ? `${size}, ${part}.` : "Nothing in these documents bears on it.";
}

/** Appends the items of a document; those of one that is cut by a page go on where it was. */
function add({ document_id: id, document_title: title, items }) {
  const last = groups.lastElementChild;
  const goes = last?.dataset.id === id;
  const section = goes ? last : el("section", { data: { id } }, bidi("h2", title), el("ol"));
  section.querySelector("ol").append(...items.map(item));
  if (!goes) groups.append(section);
}

function item(one) {
  const place = [placeOf(one), sectionOf(one)].filter(Boolean).join(" · ");
  const percent = `${Math.round(one.relevance * 100)}%`;
  const also = one.repeats.map((two) => el("a", { href: addressOf(two), dir: "auto" }, two.document_title));
  return el(
    "li",
    { className: one.relevance >= LIKELY ? "likely" : "" },
    prose(one.cited_text),
    el(
      "p",
      { className: "small" },
      el("a", { href: addressOf(one) }, `[${one.number}] Read it there`),
      place ? bidi("span", place) : null,
      el("span", {}, `Relevance ${percent}`),
      also.length ? el("span", {}, "Also in ", ...also.flatMap((a, n) => (n ? [", ", a] : [a]))) : null,
    ),
  );
}

async function save(format) {
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question: shown.question }),
  };
  const response = await fetch(`/v1/evidence/export?format=${format}`, options);
  if (!response.ok) throw await failureOf(response);
  const address = URL.createObjectURL(await response.blob());
  el("a", { href: address, download: `evidence.${format}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

files.append(
  "Save as ",
  ...Object.entries(FORMATS).map(([format, name]) => {
    const button = el("button", { type: "button", className: "plain" }, name);
    button.addEventListener("click", () =>
      save(format).catch(({ message }) => (told.textContent = `Not saved: ${message}.`)),
    );
    return button;
  }),
);
more.addEventListener("click", () => page(shown));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = box.value.trim();
  if (!question) return;
  history.pushState(null, "", `?${new URLSearchParams({ q: question })}`);
  collect(question);
});

function start() {
  const question = new URLSearchParams(location.search).get("q")?.trim() ?? "";
  box.value = question;
  if (question) collect(question);
}

addEventListener("popstate", start);
start();

// A document as Attest sees it: what is known of it, what was made of its text, and what people say.

import { askLink } from "./adding.js";
import { follow } from "./changing.js";
import { bidi, byId, el, say } from "./dom.js";
import { form } from "./fields.js";
import { found } from "./found.js";
import { present } from "./parts.js";
import { counted, languageOf } from "./rows.js";
import { sized } from "./sending.js";
import { call, documentOf } from "./service.js";

const id = decodeURIComponent(location.pathname.split("/").pop());
const address = `/v1/documents/${encodeURIComponent(id)}`;
const [title, about, ways, trouble, sides, facts, edit] =
  "title about ways trouble sides facts edit".split(" ").map(byId);

const failure = (text, ...more) => {
  trouble.replaceChildren(el("div", { className: "failure", role: "alert" }, el("p", {}, text), ...more));
};

async function known() {
  const [one, { files }, { uploads }] = await Promise.all([
    call(`/v1/collection/documents/${encodeURIComponent(id)}`),
    call("/v1/collection/files"),
    call("/v1/collection"),
  ]);
  return { one, file: files.find((other) => other.id === id) ?? {}, uploads };
}

const FACTS = [
  ["File", ({ source }) => source],
  ["Title", ({ title: said }) => said],
  ["Symbol", ({ symbol }) => symbol],
  ["Date", ({ date }) => date],
  ["Publisher", ({ publisher }) => publisher],
  ["Body", ({ body }) => body],
  ["Session", ({ session }) => session],
  ["Language", ({ language }) => languageOf(language)],
  ["Address", ({ url }) => url],
  ["Identifiers read as", ({ domain }) => domain],
  ["Read by", ({ loader }) => loader],
  ["Pages", ({ pages }) => pages && pages.toLocaleString("en")],
  ["Passages", ({ passages }) => passages.toLocaleString("en")],
  ["Text", ({ characters }) => counted(characters, "character")],
  ["Size of the file", (_, { bytes }) => bytes && sized(bytes)],
  ["Comes from", (_, { uploaded, folder }) => (uploaded ? "an upload" : folder && `the folder ${folder}`)],
  ["Tags", (_, { tags }) => tags?.join(", ")],
  ["SHA-256 of the file", ({ file_sha256 }) => file_sha256],
  ["SHA-256 of the text", ({ sha256 }) => sha256],
];

function showFacts({ one, file }) {
  title.textContent = one.title;
  document.title = `${one.title} · Attest`;
  const parts = [one.symbol, one.publisher, one.date, one.pages ? counted(one.pages, "page") : ""];
  about.textContent = parts.filter(Boolean).join(" · ");
  const listed = FACTS.map(([name, of]) => [name, of(one, file)]).filter(([, value]) => value);
  facts.replaceChildren(
    ...listed.map(([name, value]) =>
      el("div", {}, el("dt", {}, name), bidi("dd", value, name.startsWith("SHA") ? { className: "path" } : {})),
    ),
  );
  if (file.state === "warnings") failure(`It was read, with a warning: ${file.reason}`);
  sides.hidden = false;
}

function showWays() {
  const own = encodeURIComponent(id);
  const links = [
    [`/documents/${own}`, "Read it"],
    [`${address}/text`, "Plain text"],
    [`${address}/file`, "The file as it came"],
  ];
  const others = links.map(([href, text]) => el("a", { href }, text));
  ways.replaceChildren(askLink(id, title.textContent), ...others);
}

function showForm(state) {
  const place = form(state, async (build, refilled) => {
    if (build) {
      const done = await follow(build, () => {});
      if (done?.state === "failed") return failure(`The index was not rebuilt: ${done.detail}.`);
    }
    const now = await known().catch(() => null);
    if (!now) return;
    showFacts(now);
    refilled(now);
    if (build) say("The index has it now.");
  });
  edit.replaceChildren(edit.firstElementChild, place);
}

async function start() {
  try {
    const state = await known();
    showFacts(state);
    showWays();
    showForm(state);
  } catch (error) {
    const gone = error.status === 404 || error.code === "no_index";
    about.textContent = "";
    const words = gone
      ? "There is no such document that can be asked now. It may be hidden, wait to be read, or be gone."
      : "The document cannot be shown now: the service cannot be reached.";
    failure(words, el("a", { href: "/collection" }, "See the collection"));
    return;
  }
  try {
    const [{ text }, read] = await Promise.all([documentOf(id), call(`${address}/blocks`)]);
    const go = await present(text, read, { id, address, title: title.textContent });
    found(text, read, go);
  } catch {
    failure("Its text cannot be shown now. Load the page again.");
  }
}

start();

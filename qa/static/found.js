// What was recognised in a document: its outline, tables, footnotes, and the furniture of its pages.

import { bidi, byId, el } from "./dom.js";
import { placed } from "./places.js";
import { counted } from "./rows.js";

const MOST = 500; // lines of a list
const LINE = 160; // characters of a line

/** Shows it; `go` goes to a place in the text. */
export function found(text, read, go) {
  const { blocks } = placed(text, read);
  const of = (kind) => blocks.filter((one) => one.kind === kind);
  const line = ({ from, to }) => {
    const said = text.slice(from, Math.min(to, from + 4 * LINE)).replace(/\s+/g, " ").trim();
    return said.length > LINE ? `${said.slice(0, LINE)}…` : said;
  };
  const counts = [
    ["heading", "heading"],
    ["paragraph", "paragraph"],
    ["item", "list item"],
    ["row", "row of tables", "rows of tables"],
    ["caption", "caption"],
    ["footnote", "footnote"],
    ["chrome", "piece of furniture", "pieces of furniture"],
  ]
    .map(([kind, one, many]) => [of(kind).length, one, many])
    .filter(([number]) => number)
    .map(([number, one, many]) =>
      number > 1 && many ? `${number.toLocaleString("en")} ${many}` : counted(number, one),
    );
  const about = read.complete
    ? `${counts.join(", ")}.`
    : "What was read of its file is not kept; only headings are known. Index again to see the rest.";
  byId("seen-about").textContent = about;
  const headings = of("heading");
  const top = Math.min(...headings.map((one) => one.level));
  byId("found").replaceChildren(
    ...[
      list("Outline", headings, go, (one) => [line(one), `level${Math.min(one.level - top, 3)}`]),
      list("Tables", tablesOf(of("row"), text), go, (one) => [
        `${one.caption || line(one)} (${counted(one.rows, "row")})`,
      ]),
      list("Footnotes", of("footnote"), go, (one) => [[one.mark, line(one)].join(" ")]),
      list("Page furniture, which is not searched", repeated(of("chrome"), line), go, (one) => [
        one.times > 1 ? `${one.line} (${one.times} times)` : one.line,
      ]),
    ].filter(Boolean),
  );
  byId("seen").hidden = false;
}

/** Rows with nothing between them are one table. */
function tablesOf(rows, text) {
  const tables = [];
  let last = null;
  for (const one of rows) {
    const between = last && text.slice(last.to, one.from);
    const on = last && last.caption === one.caption && /^[^\S\n]*\n?[^\S\n]*$/.test(between);
    if (on) tables.at(-1).rows += 1;
    else tables.push({ ...one, rows: 1 });
    last = one;
  }
  return tables;
}

function repeated(blocks, line) {
  const lines = new Map();
  for (const one of blocks) {
    const said = line(one);
    const before = lines.get(said);
    if (before) before.times += 1;
    else lines.set(said, { ...one, line: said, times: 1 });
  }
  return [...lines.values()];
}

function list(name, all, go, shown) {
  if (!all.length) return null;
  const items = all.slice(0, MOST).map((one) => {
    const [text, className = ""] = shown(one);
    const button = bidi("button", text, { type: "button", className: "plain" });
    button.addEventListener("click", () => go(one));
    return el("li", { className }, button);
  });
  const more = all.length > MOST ? el("p", { className: "small" }, `${all.length - MOST} more.`) : "";
  const summary = el("summary", {}, `${name} (${all.length.toLocaleString("en")})`);
  const details = el("details", {}, summary);
  // Long lists are made when they are asked for.
  details.addEventListener("toggle", () => details.append(el("ul", { role: "list" }, items), more), { once: true });
  return details;
}

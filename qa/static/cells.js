// A row of the collection as an element. Whatever a file or a person calls itself is text.

import { askLink } from "./adding.js";
import { action, bidi, el } from "./dom.js";
import { COLUMNS, STATES } from "./rows.js";

const MOST_TAGS = 6;

/** The row of a file; `allowed`: with what can be done to it. */
export function drawn(row, allowed) {
  const cells = COLUMNS.map(({ id, name, plain }) => {
    const content = (CELLS[id] ?? plainly)(row, id, allowed);
    const tag = id === "title" ? "th" : "td";
    const cell = el(tag, { className: id }, content);
    cell.setAttribute("role", id === "title" ? "rowheader" : "cell");
    if (id === "title") cell.scope = "row";
    if (!cell.childNodes.length) cell.classList.add("none");
    if (!plain) cell.dataset.name = name;
    return cell;
  });
  return el("tr", { role: "row", className: row.state, data: { key: row.key } }, cells);
}

const CELLS = {
  title: ({ id, title, name, state }) => {
    const known = id && state !== "hidden" && state !== "skipped";
    const href = `/collection/${encodeURIComponent(id)}`;
    const shown = known ? bidi("a", title, { href }) : bidi("span", title);
    return title === name ? [shown] : [shown, bidi("span", name, { className: "file" })];
  },
  pages: ({ pages }) => (pages ? pages.toLocaleString("en") : ""),
  passages: ({ passages }) => (passages === undefined ? "" : passages.toLocaleString("en")),
  state: ({ state, reason }) => [
    el("span", { className: "word" }, STATES[state]),
    reason ? bidi("span", reason, { className: "why" }) : "",
  ],
  tags: ({ tags }) => {
    const shown = tags.slice(0, MOST_TAGS).map((one) => bidi("span", one, { className: "tag" }));
    return tags.length > MOST_TAGS ? [...shown, `+${tags.length - MOST_TAGS}`] : shown;
  },
  actions: (row, _, allowed) => [
    row.passages === undefined ? "" : askLink(row.id, row.title),
    allowed ? button(row) : "",
  ],
};

function plainly(row, id) {
  const value = row[id];
  return value ? bidi("span", String(value)) : "";
}

/** What takes a file away, or brings it back; "" where nothing can. */
function button({ id, title, uploaded, state }) {
  const named = (what) => ({ ariaLabel: `${what}: ${title}` });
  if (state === "hidden") return action("restore", "Show again", named("Show again"));
  if (uploaded || (id && state !== "skipped")) return action("remove", "Remove", named("Remove"));
  return "";
}

// The collection: every file of it in a table, to be sorted, searched, added to and taken from.

import { CHANGED, mount, takeEntries, watch } from "./adding.js";
import { byId, el, say } from "./dom.js";
import { askToRemove, restore } from "./removing.js";
import { COLUMNS, counted, joined, matches, sorted, STATES } from "./rows.js";
import { drawn } from "./cells.js";
import { call } from "./service.js";
import { recall, remember } from "./storage.js";

const STEP = 100; // rows that are drawn at once
const [table, filters, sought, state, tag, count, more, trouble, size] =
  "files filters sought state tag count more trouble size".split(" ").map(byId);
const [heads, body] = [table.tHead.rows[0], table.tBodies[0]];

let rows = [];
/** Those that the filters let through, in order, and how many of them are drawn. */
let [shown, drawnRows] = [[], STEP];
let order = recall("order", { by: "title", down: false });
let allowed = false;
/** The elements of rows by their keys, each with what it was made of. */
const made = new Map();

async function load() {
  const [{ files }, { documents }] = await Promise.all([
    call("/v1/collection/files"),
    call("/v1/collection/documents"),
  ]);
  rows = joined(files, documents);
  trouble.replaceChildren();
  settle();
}

async function reload() {
  try {
    await load();
  } catch {
    const button = el("button", { type: "button" }, "Try again");
    button.addEventListener("click", reload);
    const said = el("p", {}, "The collection cannot be listed now.");
    trouble.replaceChildren(el("div", { className: "failure", role: "alert" }, said, button));
  }
}

/** Shows what the rows are, as the filters and the order have it. */
function settle() {
  const passages = rows.reduce((sum, one) => sum + (one.passages ?? 0), 0);
  const readable = rows.filter((one) => one.passages !== undefined).length;
  const others = rows.length - readable;
  const rest = others ? `; ${counted(others, "file")} that cannot be asked` : "";
  size.textContent = rows.length
    ? `${counted(readable, "document")} with ${counted(passages, "passage")}${rest}.`
    : "There are no documents yet.";
  filters.hidden = !rows.length;
  choices(state, "Every state", [...new Set(rows.map((one) => one.state))].sort(), (one) => STATES[one]);
  const tags = [...new Set(rows.flatMap((one) => one.tags))];
  choices(tag, "Every tag", tags.sort((one, other) => one.localeCompare(other)), (one) => one);
  tag.closest("p").hidden = !tags.length;
  filter();
}

function choices(select, all, values, name) {
  const chosen = select.value;
  const options = values.map((value) => el("option", { value }, name(value)));
  select.replaceChildren(el("option", { value: "" }, all), ...options);
  select.value = values.includes(chosen) ? chosen : "";
}

function filter() {
  const wanted = { words: sought.value, state: state.value, tag: tag.value };
  shown = sorted(rows.filter(matches(wanted)), order);
  count.textContent =
    shown.length === rows.length ? "" : `${shown.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  draw();
}

function draw() {
  table.hidden = !shown.length;
  const drawing = shown.slice(0, drawnRows).map(element);
  const [{ activeElement }, now] = [document, body.children];
  if (drawing.length !== now.length || drawing.some((one, n) => now[n] !== one)) {
    body.replaceChildren(...drawing);
    if (body.contains(activeElement)) activeElement.focus({ preventScroll: true });
  }
  more.hidden = shown.length <= drawnRows;
  table.setAttribute("aria-rowcount", shown.length + 1);
}

function element(row) {
  const key = JSON.stringify([row, allowed]);
  const before = made.get(row.key);
  if (before?.key === key) return before.node;
  const node = drawn(row, allowed);
  made.set(row.key, { key, node });
  return node;
}

/** The heads of the table, each with a button that sorts by it. */
function head() {
  const cells = COLUMNS.map(({ id, name, plain }) => {
    const cell = el("th", { scope: "col", role: "columnheader" });
    if (plain) cell.append(el("span", { className: "unseen" }, name));
    else {
      const button = el("button", { type: "button", className: "plain" }, name);
      button.addEventListener("click", () => sortBy(id, name));
      cell.append(button);
    }
    cell.dataset.column = id;
    return cell;
  });
  heads.replaceChildren(...cells);
  markOrder();
}

function sortBy(id, name) {
  order = { by: id, down: order.by === id && !order.down };
  remember("order", order);
  drawnRows = STEP;
  markOrder();
  filter();
  say(`Sorted by ${name.toLowerCase()}, ${order.down ? "descending" : "ascending"}.`);
}

function markOrder() {
  for (const cell of heads.cells) {
    if (cell.dataset.column === order.by) cell.ariaSort = order.down ? "descending" : "ascending";
    else cell.removeAttribute("aria-sort");
  }
}

function narrow() {
  drawnRows = STEP;
  filter();
  say(`${counted(shown.length, "file")} shown.`);
}

function showMore() {
  const first = shown[drawnRows];
  drawnRows += STEP;
  draw();
  return first;
}

async function pressed({ target }) {
  const button = target.closest("button[data-do]");
  if (!button) return;
  const row = rows.find((one) => one.key === button.closest("tr").dataset.key);
  if (button.dataset.do === "remove") askToRemove(row, changed);
  else await restore(row, changed);
}

/** A row is another, or gone: at once in the list, and by a build in the index. */
function changed(row, now, build) {
  const same = (one) => one.key === row.key; // the list may have been read anew since
  const place = Math.max(shown.findIndex(same), 0);
  rows = now ? rows.map((one) => (same(one) ? now : one)) : rows.filter((one) => !same(one));
  settle();
  const next = now ?? shown[Math.min(place, shown.length - 1)];
  const button = next && made.get(next.key)?.node.querySelector("button[data-do], a");
  (button?.isConnected ? button : document.querySelector("h1")).focus();
  watch(build);
}

function dragged(event) {
  const { items, files, types } = event.dataTransfer ?? { types: [] };
  if (!types.includes("Files")) return;
  event.preventDefault();
  document.body.classList.toggle("dragging", event.type === "dragover");
  if (event.type !== "drop") return;
  takeEntries([...items].map((one) => one.webkitGetAsEntry()), [...files]);
}

async function start() {
  head();
  try {
    const known = await call("/v1/collection");
    ({ allowed } = known.uploads);
    await mount((box) => byId("add").replaceChildren(box), known);
  } catch {
    // The list says that the service is gone.
  }
  await reload();
}

filters.addEventListener("submit", (event) => event.preventDefault());
for (const one of [sought, state, tag]) one.addEventListener("input", narrow);
body.addEventListener("click", pressed);
more.firstChild.addEventListener("click", () => {
  const first = showMore();
  made.get(first.key).node.querySelector("a, button")?.focus();
});
// On the way down the page, rows come by themselves.
new IntersectionObserver(([seen]) => seen.isIntersecting && showMore(), { rootMargin: "600px" }).observe(more);
document.addEventListener(CHANGED, reload);
for (const name of ["dragover", "dragleave", "drop"]) addEventListener(name, dragged);
start();

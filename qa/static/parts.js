// A document's text a part at a time, with subtle marks for what each run of it was taken for; beside
// it the printed page, where there is one.

import { byId, el, say } from "./dom.js";
import { partsOf, placed } from "./places.js";
import { call } from "./service.js";

const SIZE = 20_000; // characters of a part, where there are no pages
const WIDTH = 900; // pixels of a picture
const KINDS = {
  heading: "heading",
  row: "row of a table",
  caption: "caption",
  footnote: "footnote",
  item: "list item",
  chrome: "page furniture, not searched",
};
const [section, legend, bar, article, printed] =
  "reading legend parts text printed".split(" ").map(byId);

/** Shows the first part; gives what goes to a place in the text. */
export async function present(text, read, { address, title }) {
  const { blocks, pages } = placed(text, read);
  const parts = partsOf(text, { blocks, pages }, SIZE);
  const picture = pages.length ? await pictures(address, title) : null;
  const name = el("strong");
  const [back, forth] = ["Previous", "Next"].map((label, n) => {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", () => show(now + (n ? 1 : -1), true));
    return button;
  });
  const choice = el("select", { ariaLabel: "Part" }, parts.map((one, n) => el("option", { value: n }, one.name)));
  choice.addEventListener("change", () => show(Number(choice.value), true));
  let now = 0;

  function show(number, told = false) {
    if (!parts[number]) return;
    now = number;
    const part = parts[now];
    const within = blocks.filter((one) => one.from < part.to && one.to > part.from);
    article.replaceChildren(...pieces(text, part, within));
    article.scrollTop = 0;
    name.textContent = `${part.name} of ${parts.length}`;
    choice.value = String(now);
    [back.disabled, forth.disabled] = [now === 0, now === parts.length - 1];
    picture?.(part.page);
    if (told) say(`${part.name} of ${parts.length}.`);
  }

  bar.hidden = parts.length < 2;
  bar.replaceChildren(back, choice, forth, name);
  const kinds = new Set(blocks.map((one) => one.kind));
  legend.replaceChildren(
    ...Object.entries(KINDS)
      .filter(([kind]) => kinds.has(kind))
      .map(([kind, words]) => el("span", { className: kind }, words)),
  );
  section.hidden = false;
  show(0);
  return ({ from }) => {
    show(Math.max(parts.findLastIndex((one) => one.from <= from), 0));
    const node = article.querySelector(`[data-from="${from}"]`) ?? article;
    node.scrollIntoView({ block: "center" });
    node.tabIndex = node === article ? 0 : -1;
    node.focus({ preventScroll: true });
  };
}

/** A part as nodes: every character of it is there, and nothing else. */
function pieces(text, { from, to }, blocks) {
  // Kept, but not shown: blank lines would push the first words down.
  const blank = text.slice(from, to).search(/\S|$/);
  const nodes = [el("span", { hidden: true }, text.slice(from, from + blank))];
  let position = from + blank;
  for (const one of blocks) {
    const [opens, closes] = [Math.max(one.from, position), Math.min(one.to, to)];
    if (opens >= closes) continue;
    nodes.push(text.slice(position, opens), block(text, one, opens, closes));
    position = closes;
  }
  return [...nodes, text.slice(position, to)];
}

function block(text, one, from, to) {
  if (one.kind === "paragraph") return text.slice(from, to);
  const inside = one.kind === "row" ? cells(text, one, from, to) : [text.slice(from, to)];
  const node = el("span", { className: one.kind, title: KINDS[one.kind] }, inside);
  node.dataset.from = one.from;
  if (one.kind === "heading") {
    node.setAttribute("role", "heading");
    node.ariaLevel = String(Math.min(one.level + 2, 6));
  }
  return node;
}

function cells(text, row, from, to) {
  const nodes = [];
  let position = from;
  row.cells.forEach((cell, n) => {
    const [opens, closes] = [Math.max(cell.from, position), Math.min(cell.to, to)];
    if (opens >= closes) return;
    const head = row.heads[n];
    const title = head ? `under “${head}”` : "a cell without a head";
    nodes.push(text.slice(position, opens), el("span", { className: "cell", title }, text.slice(opens, closes)));
    position = closes;
  });
  return [...nodes, text.slice(position, to)];
}

/** What shows the picture of a page; null where pages have none. */
async function pictures(address, title) {
  let file = "";
  try {
    const reply = await call(`${address}/pages`);
    if (!reply.pictures) return null;
    file = reply.file_sha256.slice(0, 16);
  } catch {
    return null;
  }
  const image = el("img");
  const caption = printed.querySelector("figcaption");
  image.addEventListener("load", () => {
    printed.hidden = false;
    caption.textContent = "As it is printed";
  });
  image.addEventListener("error", () => (printed.hidden = true));
  printed.prepend(image);
  return (page) => {
    image.alt = `Page ${page} of ${title}, as it is printed`;
    image.src = `${address}/pages/${page}.png?width=${WIDTH}&file_sha256=${file}`;
  };
}

// A document's pages as they are printed, in place of its text, with the cited words marked.

import { flat } from "./cite.js";
import { byId, el } from "./dom.js";
import { call } from "./service.js";
import { recall, remember } from "./storage.js";
import { toMark } from "./text.js";
import { thread } from "./thread.js";

const [state, text] = ["reader-state", "reader-text"].map(byId);
const [LEAST, MOST] = [100, 3000]; // pixels of a picture's width
const ZOOMS = [0.6, 1, 1.4, 2, 3]; // of the panel's width
const FIT = 1;
const MOST_TRIES = 5;
const EDGE = 24; // pixels left of a quote on a page that is wider than the panel
const SVG = "http://www.w3.org/2000/svg";

/** What is open: the citation, the pages of its document, the boxes of it and of the others. */
let shown = null;
let on = recall("printed", false);
let zoom = FIT;
let tries = 0;

const control = (label, name, act) => {
  const button = el("button", { type: "button", className: "plain", ariaLabel: name, title: name }, label);
  button.addEventListener("click", act);
  return button;
};
const toggle = el("button", { type: "button", id: "as-printed" });
const where = el("span", { id: "page-place", ariaLive: "polite" });
const [back, forth] = [
  control("‹", "Previous page", () => turn(shown?.page - 1)),
  control("›", "Next page", () => turn(shown?.page + 1)),
];
const [smaller, larger] = [
  control("−", "Smaller", () => resize(ZOOMS.findLast((one) => one < zoom))),
  control("+", "Larger", () => resize(ZOOMS.find((one) => one > zoom))),
];
const fit = control("Fit", "Fit the page to the width", () => resize(FIT));
const controls = [where, back, forth, smaller, larger, fit];
const tools = el("span", { className: "bar", id: "page-tools" }, ...controls);
const views = el("div", { className: "bar", id: "views", hidden: true }, toggle, tools);
const image = el("img");
const marks = document.createElementNS(SVG, "svg");
const sheet = el("div", { className: "sheet" }, image, marks);
const quote = el("p", { className: "unseen" });
const region = el("div", { id: "reader-page", role: "region", tabIndex: 0, hidden: true }, sheet, quote);

/** What is to be focused: the page, or null where the text is shown. */
export const view = () => (region.hidden ? null : region);

/** Makes the panel ready for the citation `one`. */
export function clear(one) {
  const sure = Boolean(one.boxes?.length); // else it must be asked whether there are pictures
  shown = null;
  image.removeAttribute("src");
  marks.replaceChildren();
  views.hidden = !sure;
  show(on && sure);
}

/** Shows the page of `one`, whose words stand at `place` in the document `found`, if that has pages
    that can be shown; `isOpen` says whether it is still what the reader looks at. */
export async function present(one, found, place, isOpen) {
  const address = `/v1/documents/${encodeURIComponent(one.document_id)}`;
  try {
    const { pictures, pages, file_sha256 } = await call(`${address}/pages`);
    const boxes = pictures ? await boxesOf(one, found, place, address) : [];
    if (!isOpen()) return;
    if (!pictures) return withdraw();
    const file = file_sha256.slice(0, 16);
    shown = { one, address, file, pages, boxes, others: othersOf(one, found), place };
    views.hidden = false;
    turn(boxes[0]?.page ?? Math.min(one.page, pages.length));
  } catch {
    if (isOpen()) withdraw();
  }
}

/** Where the words of `one` are printed. */
async function boxesOf(one, { sha256, text: all }, { from, to, said }, address) {
  if (from === undefined) return [];
  if (!said && one.boxes && one.document_sha256 === sha256) return one.boxes;
  const start = points(all.slice(0, from));
  const end = start + points(all.slice(from, to));
  const reply = await call(`${address}/boxes?start=${start}&end=${end}`);
  return reply.sha256 === sha256 ? reply.boxes : [];
}

/** Code points of a text. */
const points = (part) => part.length - (part.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);

/** Where the other citations of the conversation are printed in the same document. */
const othersOf = (one, { sha256 }) =>
  thread.turns
    .flatMap((turn) => turn.reply?.citations ?? [])
    .filter((other) => other.document_id === one.document_id && other.document_sha256 === sha256)
    .filter((other) => other.start_char_index !== one.start_char_index)
    .flatMap((other) => other.boxes ?? []);

/** Goes to a page, if there is one. */
function turn(number) {
  const page = shown?.pages[number - 1];
  if (!page) return;
  shown.page = number;
  const name = nameOf(page, shown.pages.length);
  const { document_title: title, cited_text: cited, text: passage } = shown.one;
  const quoted = [...new Set(shown.boxes.map((box) => box.page))];
  where.textContent = quoted.length > 1 ? `${name}; quote on ${quoted.join(", ")}` : name;
  [back.disabled, forth.disabled] = [number === 1, number === shown.pages.length];
  region.ariaLabel = `${name} of ${title}, as printed`;
  image.alt = `${title}, ${name.toLowerCase()}, as printed`;
  quote.textContent = quoted.includes(number)
    ? `Marked on this page: “${flat(cited ?? passage)}”`
    : "The quote is not on this page.";
  if (page.width) Object.assign(image, { width: page.width, height: page.height });
  mark(page);
  tries = 0;
  show(on);
  if (on) settle();
}

const nameOf = ({ page, label }, of) => {
  const own = label.split("/")[0];
  return `Page ${page} of ${of}${own && own !== String(page) ? ` (numbered ${label})` : ""}`;
};

/** Draws the marks of a page: those of the other citations beneath. */
function mark({ page, width, height }) {
  marks.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
  marks.setAttribute("preserveAspectRatio", "none");
  marks.setAttribute("aria-hidden", "true");
  const drawn = (className) => (box) => {
    const node = document.createElementNS(SVG, "rect");
    const { x0, y0, x1, y1 } = box;
    const values = { x: x0, y: y0, width: x1 - x0, height: y1 - y0, class: className };
    for (const [key, value] of Object.entries(values)) node.setAttribute(key, value);
    return node;
  };
  const here = (box) => box.page === page;
  marks.replaceChildren(
    ...shown.others.filter(here).map(drawn("also")),
    ...shown.boxes.filter(here).map(drawn("cited")),
  );
}

/** Has the page's picture loaded, and the quote on it in view. */
function settle() {
  load();
  const parts = [...marks.querySelectorAll(".cited")];
  if (!parts.length) {
    region.scrollTo({ top: 0, behavior: "instant" });
    return;
  }
  parts[0].scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const left = Math.min(...parts.map((one) => one.getBoundingClientRect().left));
  region.scrollBy({ left: left - region.getBoundingClientRect().left - EDGE, behavior: "instant" });
}

/** Whether a part of the quote is in view. */
function isQuoteSeen() {
  const [mark, frame] = [marks.querySelector(".cited"), region].map((one) => one?.getBoundingClientRect());
  return Boolean(mark) && mark.bottom > frame.top && mark.top < frame.bottom;
}

function load() {
  sheet.style.width = `${zoom * 100}%`;
  // As many pixels as are shown: a picture that is scaled is blurred.
  const wide = Math.round(sheet.clientWidth * devicePixelRatio);
  const width = Math.min(Math.max(wide, LEAST), MOST);
  const { address, file, page } = shown;
  const source = `${address}/pages/${page}.png?width=${width}&file_sha256=${file}`;
  if (image.getAttribute("src") !== source) image.src = source;
}

/** Says why there is no picture, and shows the text; where too much was asked at once, tries again. */
image.addEventListener("error", async () => {
  const [wanted, source] = [shown, image.getAttribute("src")];
  if (!wanted || !source) return;
  const response = await fetch(source).catch(() => null);
  const problem = response?.ok ? null : await response?.json().catch(() => null);
  if (shown !== wanted || image.getAttribute("src") !== source) return;
  tries += 1;
  if (tries < MOST_TRIES && (response?.ok || response?.status === 503)) {
    setTimeout(() => {
      if (shown === wanted && image.getAttribute("src") === source) image.src = source;
    }, 1000);
    return;
  }
  const why = problem?.detail ?? "the page cannot be shown as printed now";
  image.removeAttribute("src");
  show(false);
  state.textContent = `${why[0].toUpperCase()}${why.slice(1)}. Here is its text.`;
});

/** A document whose pages cannot be shown is read as text. */
function withdraw() {
  views.hidden = true;
  show(false);
}

/** Shows the page in place of the text, or the text; the focus stays with what is shown. */
function show(printed) {
  const [visible, other] = printed ? [region, text] : [text, region];
  const focused = other.contains(document.activeElement);
  visible.hidden = false;
  other.hidden = true;
  tools.hidden = !printed;
  toggle.textContent = printed ? "Show text" : "Show as printed";
  if (shown) state.textContent = [shown.place.said, printed ? "" : shown.place.part].join(" ").trim();
  if (focused) visible.focus({ preventScroll: true });
}

function choose(printed) {
  on = printed;
  remember("printed", on);
  show(on);
  if (!on) toMark();
  else if (shown) settle();
}

function resize(size) {
  if (!size || !shown) return;
  const middle = (region.scrollTop + region.clientHeight / 2) / region.scrollHeight;
  const seen = isQuoteSeen();
  zoom = size;
  smaller.disabled = zoom === ZOOMS[0];
  larger.disabled = zoom === ZOOMS.at(-1);
  if (seen) return settle();
  load();
  const top = middle * region.scrollHeight - region.clientHeight / 2;
  region.scrollTo({ top, behavior: "instant" });
}

const KEYS = {
  ",": back,
  ".": forth,
  "-": smaller,
  "+": larger,
  "=": larger,
  0: fit,
};

/** Does what a key stands for; false where it stands for nothing. */
export function pressed(key) {
  if (views.hidden) return false;
  if (key === "p") toggle.click();
  else if (region.hidden || !shown) return false;
  else if (key in KEYS) KEYS[key].click();
  else return false;
  return true;
}

toggle.addEventListener("click", () => choose(region.hidden));
document.head.append(el("link", { rel: "stylesheet", href: "/static/printed.css" }));
text.before(views, region);

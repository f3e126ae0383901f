// Elements, made without markup: whatever the service or a person wrote is a text node.

export const byId = (id) => document.getElementById(id);

export function el(tag, properties = {}, ...children) {
  const { data = {}, ...own } = properties;
  const node = Object.assign(document.createElement(tag), own);
  Object.assign(node.dataset, data);
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

/** Text in the direction of its own script. */
export const bidi = (tag, text, properties = {}) =>
  el(tag, { textContent: text, dir: "auto", ...properties });

/** A button that `app.js` hears of by its name. */
export const action = (name, text, properties = {}) =>
  el("button", { type: "button", className: "plain", data: { do: name }, ...properties }, text);

/** Announces `text` to those who do not see the page; what stood there before is not repeated. */
export function say(text) {
  byId("status").textContent = text;
}

/** Text with the places set apart where one of `words` begins. */
export function lit(text, words) {
  if (!words.length) return [text];
  const safe = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  safe.sort((one, other) => other.length - one.length);
  const found = new RegExp(`(?<![\\p{L}\\p{N}])((?:${safe.join("|")})[\\p{L}\\p{N}]*)`, "giu");
  return text
    .split(found)
    .map((part, n) => (n % 2 ? el("span", { className: "hit" }, part) : part));
}

const MARKS = /\*{1,3}(?=\S)([^*\n]*?[^\s*])\*{1,3}(?!\w)|\[([^\]\n]+)\]\([^()\s]*\)|\\([()[\]*_#.!-])/g;

/** Text with the marks of Markdown as what they mean; links as their words. */
function meant(text, words) {
  const nodes = [];
  let position = 0;
  for (const { 0: all, 1: strong, 2: link, 3: escaped, index } of text.matchAll(MARKS)) {
    nodes.push(...lit(text.slice(position, index), words));
    if (strong) nodes.push(el("strong", {}, ...lit(strong, words)));
    else nodes.push(...(link ? meant(link, words) : [escaped]));
    position = index + all.length;
  }
  return [...nodes, ...lit(text.slice(position), words)];
}

/** A quote as it stands: lines stay lines where they are a list or paragraphs, not mere wraps. */
export function prose(text, words = [], ...rest) {
  const lined = /\n[^\S\n]*(?:\n|[-*•–—]|\(?\w{1,4}[.)]\s)/.test(text);
  const className = lined ? "quote lined" : "quote";
  return el("p", { className, dir: "auto" }, ...meant(text, words), ...rest);
}

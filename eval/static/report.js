// Switches the figures between runs and halves, and shows the questions: a page of rows at a
// time, each opening on its reply. All text enters as text nodes, never as markup.
"use strict";

const PAGE = 50;
const WORST_FIRST = [
  "error",
  "wrongly answered",
  "wrong",
  "declined",
  "answered",
  "rightly declined",
  "right",
];
const REASONS = {
  unknown_identifier: "an identifier that the collection lacks",
  unknown_paragraph: "a paragraph that a document has not",
  phrase_not_found: "a quoted phrase that does not occur",
  missing_terms: "words that the collection lacks",
  low_confidence: "too little confidence",
  nothing_found: "nothing found",
};

const byId = (id) => document.getElementById(id);
const { measures, runs, texts } = JSON.parse(byId("data").textContent);
const [filters, search, kind, outcome, count, table, body, more] =
  "filters search kind outcome count table rows more".split(" ").map(byId);
const runChoice = byId("run");
const halfChoices = [...document.querySelectorAll("input[name=half]")];

/** How the rows are ordered, how many of them are shown, and which are open. */
const view = { by: "place", falling: false, shown: PAGE, open: new Set(), printing: false };

for (const run of runs) run.rows.forEach((row, place) => Object.assign(row, { place: place + 1 }));

function el(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.flat().filter((child) => child !== null && child !== ""));
  return node;
}

/** A control character has no shape; its picture stands in, one for one. */
function visible(text) {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (character) =>
    String.fromCharCode(character === "\x7f" ? 0x2421 : 0x2400 + character.charCodeAt(0)),
  );
}

/** Text that others wrote, kept from turning the direction of what stands around it. */
function said(tag, text, className = "") {
  return el(tag, { textContent: visible(text), dir: "auto", className });
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `icon ${name.replace(" ", "-")}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#icon-${name.replace(" ", "-")}`);
  svg.append(use);
  return svg;
}

// What is shown

const chosenRun = () => Number(runChoice?.value ?? 0);
const chosenHalf = () => halfChoices.find((one) => one.checked)?.value ?? "all";

/** Shows the figures of the chosen run and half, and its questions. */
function turn() {
  for (const panel of document.querySelectorAll(".panel")) {
    const { half, run } = panel.dataset;
    panel.hidden = half !== chosenHalf() || (run !== undefined && Number(run) !== chosenRun());
  }
  const half = chosenHalf() === "all" ? "all questions" : `the half “${chosenHalf()}”`;
  byId("shown").textContent = visible(`Run ${runs[chosenRun()].name}: ${half}.`);
  offer();
  refresh();
}

/** Fills the filters with what the run holds, and keeps what was chosen where it is there. */
function offer() {
  const { rows } = runs[chosenRun()];
  const kinds = [...new Set(rows.map((row) => row.kind).filter((one) => one !== undefined))];
  const outcomes = WORST_FIRST.filter((one) => rows.some((row) => row.outcome === one));
  options(kind, "Any kind", kinds);
  options(outcome, "Any outcome", outcomes);
}

function options(select, any, values) {
  const chosen = select.value;
  const all = values.map((value) => el("option", { value: `=${value}`, textContent: visible(value) }));
  select.replaceChildren(el("option", { value: "", textContent: any }), ...all);
  select.value = chosen;
  if (select.selectedIndex < 0) select.value = "";
}

function chosenRows() {
  const half = chosenHalf();
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = runs[chosenRun()].rows.filter(
    (row) =>
      (half === "all" || row.half === half) &&
      (!kind.value || `=${row.kind}` === kind.value) &&
      (!outcome.value || `=${row.outcome}` === outcome.value) &&
      words.every((word) => haystack(row).includes(word)),
  );
  return rows.sort(order);
}

/** What a search looks through; made when first sought in. */
function haystack(row) {
  row.haystack ??= [
    ...[row.id, row.question, row.read, row.note, row.message, row.error],
    ...(row.history ?? []).flat(),
    ...(row.quotes ?? []).map((one) => texts[one[3]]),
    ...(row.gold ?? []).flat().map((one) => texts[one[3]]),
    ...(row.accepted ?? []).flatMap(([alternatives]) => alternatives),
  ]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return row.haystack;
}

function order(one, other) {
  const [a, b] = [one, other].map((row) =>
    view.by === "outcome" ? WORST_FIRST.indexOf(row.outcome) : (row[view.by] ?? ""),
  );
  const way = typeof a === "number" ? a - b : a.localeCompare(b, "en");
  return (view.falling ? -way : way) || one.place - other.place;
}

function refresh() {
  view.shown = PAGE;
  render();
}

/** Puts the rows that are to be shown into the table; returns the first that was not there. */
function render(from = 0) {
  const rows = chosenRows();
  const upTo = view.printing ? rows.length : Math.min(view.shown, rows.length);
  const made = rows.slice(from, upTo).flatMap(shownRow);
  if (from) body.append(...made);
  else body.replaceChildren(...made);
  const whole = runs[chosenRun()].rows.length;
  count.textContent =
    rows.length === whole
      ? `${number(whole)} questions`
      : `${number(rows.length)} of ${number(whole)} questions`;
  if (!rows.length) count.textContent += ". Clear a filter to see more.";
  table.hidden = !rows.length;
  more.hidden = upTo === rows.length;
  more.textContent = `Show ${Math.min(PAGE, rows.length - upTo)} more of ${number(rows.length - upTo)}`;
  for (const head of table.querySelectorAll("[data-sort]")) {
    const way = view.falling ? "descending" : "ascending";
    head.setAttribute("aria-sort", head.dataset.sort === view.by ? way : "none");
  }
  return made[0];
}

const number = (value) => value.toLocaleString("en");

// A question

function shownRow(row) {
  const key = `${chosenRun()}-${row.place}`;
  const button = el(
    "button",
    { type: "button", className: "opener" },
    el("span", { className: "chevron", ariaHidden: "true" }),
    said("span", row.question),
  );
  const line = el(
    "tr",
    { className: "row" },
    el("td", { className: "place" }, `${row.place}`),
    el("td", { className: "asked" }, button),
    said("td", row.kind ?? "", "kind"),
    el("td", { className: "outcome" }, el("span", {}, icon(row.outcome), row.outcome)),
    el("td", { className: "confidence" }, meter(row)),
    el("td", { className: "time" }, row.milliseconds ? `${Math.round(row.milliseconds)} ms` : ""),
  );
  const detail = el("tr", { className: "detail", id: `detail-${key}` });
  button.setAttribute("aria-controls", detail.id);
  const show = (open) => {
    button.setAttribute("aria-expanded", open);
    line.classList.toggle("opened", open);
    detail.hidden = !open;
    if (open && !detail.firstChild) detail.append(el("td", { colSpan: 6 }, details(row)));
  };
  line.addEventListener("click", () => {
    if (`${getSelection()}`) return; // whoever selects text does not mean to open
    if (!view.open.delete(key)) view.open.add(key);
    show(view.open.has(key));
  });
  show(view.printing || view.open.has(key));
  return [line, detail];
}

function meter({ confidence = 0, error }) {
  if (error) return "";
  const bar = el("span", { className: "level", ariaHidden: "true" }, el("span"));
  bar.firstChild.style.width = `${confidence * 100}%`;
  return [bar, confidence.toFixed(2)];
}

function details(row) {
  const run = runs[chosenRun()];
  const titled = (document) => texts[run.titles[document] ?? document];
  const read = (one) => ({ document: one[0], start: one[1], end: one[2], text: texts[one[3]] });
  const known = {
    quotes: (row.quotes ?? []).map(read),
    gold: (row.gold ?? []).map((group) => group.map((one) => ({ ...read(one), whole: one[4] }))),
    passages: (row.passages ?? []).map((one) => ({
      ...read(one),
      title: texts[one[4]],
      stated: one[5],
    })),
    titled,
  };
  return el(
    "div",
    { className: "card" },
    asked(row),
    el("div", { className: "sides" }, reply(row, known), sought(row, known)),
    ranking(row, known),
    figures(row),
  );
}

function part(name, ...content) {
  return el("section", {}, el("h4", {}, name), ...content);
}

function asked(row) {
  const before = (row.history ?? []).flatMap(([question, answer]) => [
    said("dt", question),
    said("dd", answer),
  ]);
  const facts = [
    row.read ? el("p", {}, el("b", {}, "Read as "), said("span", row.read)) : null,
    row.documents
      ? el("p", {}, el("b", {}, "Asked of "), said("span", row.documents.join(", ")))
      : null,
    row.note ? el("p", {}, el("b", {}, "Note "), said("span", row.note)) : null,
  ];
  return el(
    "div",
    { className: "asked-in-full" },
    before.length ? part("Said before", el("dl", { className: "history" }, before)) : null,
    facts,
    el("p", { className: "id" }, `${visible(row.id)}, half “${row.half}”`),
  );
}

function reply(row, { quotes, gold, passages, titled }) {
  const declined = !row.answered && !row.error;
  const why = declined
    ? el(
        "div",
        { className: "refusal" },
        el("p", {}, el("b", {}, "Declined"), row.reason ? ": " : "", visible(REASONS[row.reason] ?? row.reason ?? "")),
        row.message ? said("p", row.message) : null,
      )
    : null;
  const error = row.error ? el("div", { className: "refusal" }, said("p", row.error)) : null;
  const name = row.error ? "No reply" : "Reply";
  const weighed = declined && quotes.length ? el("h5", {}, "Weighed, but not given") : null;
  const blocks = holders(quotes, passages).map(([place, within]) =>
    el(
      "figure",
      { className: declined ? "quoted weighed" : "quoted" },
      el("figcaption", {}, source(place, titled)),
      el("blockquote", { dir: "auto" }, marked(place, within, gold.flat())),
    ),
  );
  const meant = [
    blocks.length ? `Marked: ${declined ? "weighed" : "quoted"}.` : "",
    blocks.some((one) => one.querySelector(".gold")) ? " Underlined: sought." : "",
  ];
  const key = blocks.length ? el("p", { className: "key" }, meant) : null;
  return part(name, error, why, weighed, blocks, key);
}

/** Each passage that is quoted from, with its quotes; a quote of none stands for itself. */
function holders(quotes, passages) {
  const found = new Map();
  for (const quote of quotes) {
    const holder =
      passages.find(
        (one) =>
          one.text &&
          one.document === quote.document &&
          one.start <= quote.start &&
          quote.start < one.end,
      ) ?? quote;
    found.set(holder, [...(found.get(holder) ?? []), quote]);
  }
  return [...found];
}

/** The text of a place: quotes as <mark>, what was sought underlined. */
function marked(place, quotes, gold) {
  const letters = [...place.text]; // offsets count code points
  const within = (spans) =>
    merged(spans.filter((one) => !one.whole && one.document === place.document));
  const text = (from, to) =>
    visible(letters.slice(from - place.start, to - place.start).join(""));
  const underlined = (from, to) =>
    cut(from, to, within(gold), (a, b) => el("span", { className: "gold" }, text(a, b)), text);
  return cut(
    ...[place.start, place.end, within(quotes)],
    (a, b) => el("mark", {}, underlined(a, b)),
    underlined,
  );
}

/** Spans in order; those that overlap as one. */
function merged(spans) {
  const kept = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = kept.at(-1);
    if (last && start < last.end) last.end = Math.max(last.end, end);
    else kept.push({ start, end });
  }
  return kept;
}

/** Everything from ``from`` to ``to``, by ``inside`` where a span lies and ``outside`` elsewhere. */
function cut(from, to, spans, inside, outside) {
  const made = [];
  let at = from;
  for (const span of spans) {
    const [start, end] = [Math.max(span.start, at), Math.min(span.end, to)];
    if (start >= end) continue;
    if (at < start) made.push(outside(at, start));
    made.push(inside(start, end));
    at = end;
  }
  if (at < to) made.push(outside(at, to));
  return made.flat();
}

function source(place, titled) {
  const range = place.end ? `${number(place.start)}–${number(place.end)}` : "";
  return [said("cite", titled(place.document)), " ", el("span", { className: "offsets" }, range)];
}

function sought(row, { gold, passages, titled }) {
  if (!row.answerable) {
    return part("Sought", el("p", {}, "Nothing: the documents do not say."));
  }
  const groups = gold.map((group, at) => {
    const rank = passages.findIndex((one) => one.stated.includes(at)) + 1;
    const where = rank ? `First stated by passage ${rank}.` : "No passage states it.";
    const alternatives = group.flatMap((one, place) => [
      place ? el("p", { className: "or" }, "or") : null,
      el(
        "figure",
        { className: "sought" },
        el("figcaption", {}, source(one.whole ? { ...one, end: 0 } : one, titled)),
        one.whole
          ? el("p", {}, "Any part of this document.")
          : said("blockquote", one.text),
      ),
    ]);
    return el(
      "li",
      {},
      alternatives,
      el("p", { className: "where" }, tick(rank > 0), where),
    );
  });
  const accepted = (row.accepted ?? []).map(([alternatives, given]) =>
    el(
      "li",
      {},
      tick(given),
      alternatives.flatMap((one, place) => [place ? " or " : "", said("b", one)]),
      el("span", { className: "where" }, given ? " stands in the quotes" : " is not in the quotes"),
    ),
  );
  return part(
    gold.length > 1 ? `Sought: all ${gold.length} of these` : "Sought",
    groups.length ? el("ol", { className: "groups" }, groups) : null,
    accepted.length ? el("h5", {}, "Accepted short answers") : null,
    accepted.length ? el("ul", { className: "accepted" }, accepted) : null,
  );
}

const tick = (yes) => el("span", { className: "tick", ariaHidden: "true" }, yes ? "✓ " : "✗ ");

function ranking(row, { quotes, gold, passages }) {
  if (!passages.length) return null;
  const quoted = new Set(holders(quotes, passages).map(([place]) => place));
  const items = passages.map((one) => {
    const what = gold.length > 1 ? `states ${one.stated.map((at) => at + 1).join(" and ")}` : "states gold";
    const head = [
      said("cite", one.title || texts[one.document]),
      " ",
      el("span", { className: "offsets" }, `${number(one.start)}–${number(one.end)}`),
      one.stated.length ? el("span", { className: "tag states" }, what) : null,
      quoted.has(one) ? el("span", { className: "tag" }, row.answered ? "quoted" : "weighed") : null,
    ];
    if (!one.text) return el("li", {}, el("p", {}, head));
    const text = el("blockquote", { dir: "auto" }, marked(one, quotes, gold.flat()));
    return el("li", {}, el("details", {}, el("summary", {}, head), text));
  });
  return part("Ranked passages", el("ol", { className: "ranking" }, items));
}

function figures(row) {
  const cells = (row.figures ?? []).flatMap((value, at) =>
    value === null
      ? []
      : [el("div", {}, el("dt", {}, measures[at]), el("dd", {}, value.toFixed(3)))],
  );
  return cells.length ? part("Measures", el("dl", { className: "figures" }, cells)) : null;
}

// Events

more.addEventListener("click", () => {
  const from = view.shown;
  view.shown += PAGE;
  render(from).querySelector("button").focus();
});

for (const head of table.querySelectorAll("[data-sort]")) {
  head.firstElementChild.addEventListener("click", () => {
    view.falling = view.by === head.dataset.sort && !view.falling;
    view.by = head.dataset.sort;
    refresh();
  });
}

// A link from a figure to its questions sets the filters so that they show them.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-find], [data-outcome]");
  if (!link) return;
  const { find = "", outcome: sought, to } = link.dataset;
  if (to !== undefined) runChoice.value = to;
  search.value = find;
  kind.value = outcome.value = "";
  turn();
  outcome.value = sought ? `=${sought}` : "";
  refresh();
});

filters.addEventListener("input", refresh);
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", (event) => {
  event.preventDefault(); // it would come after this
  for (const one of [search, kind, outcome]) one.value = "";
  refresh();
});
runChoice?.addEventListener("change", turn);
for (const one of halfChoices) one.addEventListener("change", turn);

/** On paper nothing can be opened: so everything is. */
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details.flips, details.recipes")].filter((one) => !one.open);
  for (const one of closed) one.open = true;
  view.printing = true;
  render();
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
  view.printing = false;
  render();
});

turn();

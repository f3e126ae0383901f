// Shows what came of a question: quotes with their citations, or why there is no answer and what comes
// closest. Loaded with the first reply.

import { addressOf, flat, grouped, percent, placeOf, reference, sectionOf, words } from "./cite.js";
import { action, bidi, el, prose } from "./dom.js";
import { undoable } from "./interpretation.js";
import { call } from "./service.js";

const TITLES = {
  unknown_identifier: "Not found in these documents",
  unknown_paragraph: "No such paragraph",
  phrase_not_found: "These exact words were not found",
  nothing_found: "Nothing found",
  not_a_question: "",
};
const VERDICTS = {
  verified: ["✓ Verified", "the words stand in the document exactly here"],
  moved: ["Moved", "the words stand at another place of the document now"],
  changed: ["Changed", "the document no longer holds exactly this text"],
  unknown_document: ["Gone", "the collection no longer has the document"],
};

export function render(turn) {
  const { reply } = turn;
  turn.body.replaceChildren(
    ...reading(turn),
    ...(reply.refusal ? refused(turn) : answered(turn)),
    ...passages(reply),
    reply.refusal?.reason === "not_a_question" ? "" : tools(turn),
  );
  check(turn);
}

function reading(turn) {
  const shown = turn.reply.interpreted_as;
  if (turn.exact) return [el("p", { className: "reading" }, "Searched as typed.")];
  if (tidy(shown) === tidy(turn.question)) return [];
  const instead = undoable(turn)
    ? action("instead", el("span", {}, "Search instead for ", bidi("q", turn.question)))
    : null;
  return [el("p", { className: "reading" }, "Read as: ", bidi("em", shown), " ", instead)];
}

/** Quotes with their marks, and the references of these; `kind` begins the names of what they pick. */
function quotes(citations, at, kind, unsure) {
  const name = (one) => `${kind}${one.number}`;
  const quotes = grouped(citations).map((all) => {
    const marks = all.map((one) => mark(one, name(one)));
    return prose(all[0].cited_text, [], el("span", { className: "joined" }, " ", ...marks));
  });
  const references = citations.map((one) =>
    el(
      "li",
      {},
      el("span", { className: "number" }, `[${one.number}]`),
      el(
        "div",
        {},
        source(one, name(one)),
        el(
          "p",
          { className: "small" },
          el("span", { className: "verdict", data: { verdict: one.number } }),
          action("quote", "Copy quote", {
            data: { do: "quote", of: name(one) },
            ariaLabel: `Copy quote ${one.number} with its reference`,
          }),
        ),
        one.reading ? bidi("p", `Row with heads: ${one.reading}`) : null,
        el("p", { className: "spelled" }, reference(one, at)),
      ),
    ),
  );
  return [
    el("blockquote", { className: unsure ? "unsure" : "", dir: "auto" }, ...quotes),
    el("ol", { className: "references", role: "list", ariaLabel: "References" }, ...references),
  ];
}

function answered({ reply, at }) {
  const [quoted, references] = quotes(reply.citations, at, "", reply.caveats.length > 0);
  return [
    ...reply.caveats.map((one) => bidi("p", one, { className: "caveat" })),
    quoted,
    ...reply.unanswered.map((one) =>
      el("p", { className: "left" }, el("b", {}, "Not answered: "), bidi("q", one.question), ` ${one.message}`),
    ),
    references,
    el(
      "p",
      { className: "confidence" },
      "Confidence ",
      el("b", {}, percent(reply.confidence)),
      `: ${words(reply.confidence)}`,
    ),
  ];
}

function refused({ reply, at }) {
  const { refusal, confidence, closest } = reply;
  const { reason, message } = refusal;
  const lacking = reason === "unread_language" ? [] : refusal.missing_terms;
  const more = lacking.filter((term) => !message.includes(term));
  const low = `Confidence ${percent(confidence)}: too low to answer`;
  const title = closest.length ? "No sure answer: this comes closest" : (TITLES[reason] ?? "No clear answer");
  return [
    el(
      "div",
      { className: "refusal" },
      title ? el("h3", {}, title) : null,
      bidi("p", message),
      more.length ? bidi("p", `Words the documents never use: ${more.join(", ")}.`) : null,
      confidence ? el("p", { className: "confidence" }, low) : null,
    ),
    ...(closest.length ? quotes(closest, at, "n", true) : []),
  ];
}

/** The passages, folded; of a refusal the first is open, and no score says that it is good. */
function passages({ passages: nearest, refusal }) {
  if (!nearest.length) return [];
  if (!refusal) return [folded(`The ${counted(nearest.length)}`, ranked(nearest))];
  const [first, ...others] = ranked(nearest, false);
  const more = `${others.length} more`;
  return [folded("The nearest passage", [first], true), ...(others.length ? [folded(more, others)] : [])];
}

const counted = (number) => (number === 1 ? "nearest passage" : `${number} nearest passages`);

const folded = (name, items, open = false) =>
  el("details", { open, className: "passages" }, el("summary", {}, name), el("ol", {}, ...items));

/** Passages as items of a list, each `scored` by the share of the best one's. */
export function ranked(nearest, scored = true) {
  const best = Math.max(...nearest.map((one) => one.score), 1e-9);
  return nearest.map((one) => passage(one, scored ? Math.max(0, one.score / best) : null));
}

function passage(one, share) {
  const terms = one.matched_terms;
  const figure = `${Math.round(share * 100)}%`;
  const name = `Score, of the best passage's: ${figure}`;
  return el(
    "li",
    { value: one.rank },
    source(one, `p${one.rank}`),
    el(
      "p",
      { className: "score" },
      ...(share === null ? [] : [gauge(share, name), el("span", { ariaHidden: "true" }, figure)]),
      terms.length ? bidi("span", `Words of the question: ${terms.join(", ")}`) : null,
    ),
    prose(one.text, terms),
  );
}

function gauge(share, name) {
  const bar = el("span");
  bar.style.width = `${share * 100}%`;
  const values = { ariaValueMin: "0", ariaValueMax: "1", ariaValueNow: share.toFixed(2) };
  return el("span", { className: "gauge", role: "meter", ariaLabel: name, title: name, ...values }, bar);
}

/** What can be done with an answer. */
export function tools(turn) {
  const rated = turn.rating
    ? el("span", {}, turn.rating === "up" ? "You found this helpful." : "You found this not helpful.")
    : el(
        "span",
        { className: "rate", role: "group", ariaLabel: "Your opinion of this answer" },
        action("up", "Helpful"),
        action("down", "Not helpful"),
      );
  return el(
    "div",
    { className: "tools" },
    shown(turn.reply).length ? action("copy", "Copy with references") : null,
    rated,
  );
}

/** The quotes of a reply: its citations, or what comes closest. */
const shown = ({ citations, closest }) => (citations.length ? citations : closest);

/** Has the citations verified, which may have been kept for long. */
async function check(turn) {
  const citations = shown(turn.reply);
  if (!citations.length) return;
  try {
    const { results } = await call("/v1/verify", { body: { citations } });
    results.forEach(({ status }, n) => {
      const [word, means] = VERDICTS[status];
      const node = turn.body.querySelector(`[data-verdict="${n + 1}"]`);
      node?.replaceChildren(word, el("span", { className: "unseen" }, `: ${means}`));
      if (node) Object.assign(node, { title: means, className: `verdict ${status}` });
    });
  } catch {
    // Not checked is what it then says: nothing.
  }
}

function source(one, pick) {
  const section = sectionOf(one);
  const place = placeOf(one) && `, ${placeOf(one)}`;
  return el(
    "p",
    { className: "source", dir: "auto" },
    link(one, pick, one.document_title),
    place,
    section ? bidi("span", section) : null,
  );
}

const mark = (one, pick) =>
  Object.assign(link(one, pick, `[${one.number}]`), {
    className: "mark",
    title: flat(one.cited_text).slice(0, 300),
    ariaLabel: `[${one.number}] ${one.document_title}`,
  });

/** Opens beside the thread; in a tab of its own where that is asked for. */
function link(one, pick, text) {
  const address = new URL(addressOf(one));
  address.hash = "cited";
  const node = el("a", { dir: "auto", data: { pick } }, text);
  if (address.origin === location.origin) node.href = address.href;
  return node;
}

export function spoken({ refusal, answer, caveats, confidence, unanswered, closest }) {
  if (refusal?.reason === "not_a_question") return refusal.message;
  if (refusal) return ["Not answered.", refusal.message, ...closest.map((one) => one.cited_text)].join(" ");
  const left = unanswered.map((one) => ` Not answered: ${one.question}`).join("");
  return `${[...caveats, answer].join(" ")}${left} Confidence ${percent(confidence)}: ${words(confidence)}.`;
}

const tidy = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

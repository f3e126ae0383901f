// Shows what came of a question: quotes with their citations, or why there is no answer.

import { addressOf, grouped, percent, placeOf, reference, sectionOf, words } from "./cite.js";
import { action, bidi, el, prose } from "./dom.js";
import { undoable } from "./interpretation.js";
import { call, Failure } from "./service.js";

const TITLES = {
  unknown_identifier: "Not found in these documents",
  unknown_paragraph: "No such paragraph",
  phrase_not_found: "These exact words were not found",
  nothing_found: "Nothing found",
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
    ...(reply.refusal ? refused(reply) : answered(turn)),
    ...passages(reply.passages, Boolean(reply.refusal)),
    tools(turn),
  );
  if (reply.citations.length) check(turn);
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

function answered({ reply, at }) {
  const quotes = grouped(reply).map((all) =>
    prose(all[0].cited_text, [], el("span", { className: "joined" }, " ", ...all.map(mark))),
  );
  const references = reply.citations.map((one) =>
    el(
      "li",
      {},
      el("span", { className: "number" }, `[${one.number}]`),
      el(
        "div",
        {},
        source(one, String(one.number)),
        el(
          "p",
          { className: "small" },
          el("span", { className: "verdict", data: { verdict: one.number } }),
          action("quote", "Copy quote", {
            data: { do: "quote", number: one.number },
            ariaLabel: `Copy quote ${one.number} with its reference`,
          }),
        ),
        one.reading ? bidi("p", `Row with heads: ${one.reading}`) : null,
        el("p", { className: "spelled" }, reference(one, at)),
      ),
    ),
  );
  return [
    ...reply.caveats.map((one) => bidi("p", one, { className: "caveat" })),
    el("blockquote", { className: reply.caveats.length ? "unsure" : "" }, ...quotes),
    ...reply.unanswered.map((one) =>
      el("p", { className: "left" }, el("b", {}, "Not answered: "), bidi("q", one.question), ` ${one.message}`),
    ),
    el("ol", { className: "references", role: "list", ariaLabel: "References" }, ...references),
    el(
      "p",
      { className: "confidence" },
      "Confidence ",
      el("b", {}, percent(reply.confidence)),
      `: ${words(reply.confidence)}`,
    ),
  ];
}

function refused({ refusal, confidence }) {
  const { reason, message } = refusal;
  const lacking = reason === "unread_language" ? [] : refusal.missing_terms;
  const more = lacking.filter((term) => !message.includes(term));
  const low = `Confidence ${percent(confidence)}: too low to answer`;
  return [
    el(
      "div",
      { className: "refusal" },
      el("h3", {}, TITLES[reason] ?? "No clear answer"),
      bidi("p", message),
      more.length ? bidi("p", `Words the documents never use: ${more.join(", ")}.`) : null,
      confidence ? el("p", { className: "confidence" }, low) : null,
    ),
  ];
}

function passages(nearest, open) {
  if (!nearest.length) return [];
  const count = nearest.length === 1 ? "nearest passage" : `${nearest.length} nearest passages`;
  return [
    el(
      "details",
      { open, className: "passages" },
      el("summary", {}, `The ${count}`),
      el("ol", {}, ...ranked(nearest)),
    ),
  ];
}

/** Passages as items of a list, each score as a share of the best one's. */
export function ranked(nearest) {
  const best = Math.max(...nearest.map((one) => one.score), 1e-9);
  return nearest.map((one) => passage(one, Math.max(0, one.score / best)));
}

function passage(one, share) {
  const terms = one.matched_terms;
  const figure = `${Math.round(share * 100)}%`;
  const name = `Score, of the best passage's: ${figure}`;
  return el(
    "li",
    {},
    source(one, `p${one.rank}`),
    el(
      "p",
      { className: "score" },
      gauge(share, name),
      el("span", { ariaHidden: "true" }, figure),
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
    turn.reply.refusal ? null : action("copy", "Copy with references"),
    rated,
  );
}

/** What keeps a question from its answer, with a way to try again. */
export function failed(turn, error) {
  const reason =
    error === null
      ? "Stopped before there was an answer."
      : error instanceof Failure
        ? `The service could not answer: ${error.message.replace(/\.?$/, ".")}`
        : "The service cannot be reached, or what it sent cannot be read.";
  const retry = action("retry", "Try again", { className: "" });
  turn.body.replaceChildren(el("div", { className: "failure" }, bidi("p", reason), retry));
  return reason;
}

export function waiting(turn, slow = false) {
  const text = slow ? "This takes longer than usual…" : "Searching the documents…";
  const retry = slow ? action("retry", "Try again") : null;
  turn.body.replaceChildren(el("p", { className: "waiting" }, text, " ", retry));
}

/** Has the citations verified, which may have been kept for long. */
async function check(turn) {
  const { reply } = turn;
  try {
    const { results } = await call("/v1/verify", { body: { citations: reply.citations } });
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

const mark = (one) =>
  Object.assign(link(one, String(one.number), `[${one.number}]`), {
    className: "mark",
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

export function spoken({ refusal, answer, caveats, confidence, unanswered }) {
  if (refusal) return `Not answered. ${refusal.message}`;
  const left = unanswered.map((one) => ` Not answered: ${one.question}`).join("");
  return `${[...caveats, answer].join(" ")}${left} Confidence ${percent(confidence)}: ${words(confidence)}.`;
}

const tidy = (text) => text.normalize("NFC").replace(/\s+/g, " ").trim();

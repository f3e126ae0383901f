// Asks POST /v1/ask and shows what comes back. Whatever the service or a person wrote enters
// the page as text nodes, never as markup.

const MAX_QUESTION = 2000; // in code points, as the service counts
const MAX_HISTORY = 20;

const [intro, thread, form, box, send, stop, limit, examples, anew, status] =
  "intro thread form box send stop limit examples anew status"
    .split(" ")
    .map((id) => document.getElementById(id));

/** @type {{question: string, reply: object | null, item: Element, body: Element}[]} */
let turns = [];
/** The turn that waits for its answer, and the means to stop it. */
let pending = null;

class Failure extends Error {}

function el(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null));
  return node;
}

// Asking

function submit() {
  const question = box.value.trim();
  if (pending || !question) return;
  if ([...question].length > MAX_QUESTION) {
    say(limit.textContent);
    return;
  }
  const last = turns.at(-1);
  if (last && !last.reply && last.question === question) drop(last);
  const turn = add(question);
  fill("");
  run(turn);
}

function add(question, reply = null) {
  const body = el("div");
  const heading = el("h2", { textContent: question, dir: "auto", tabIndex: -1 });
  const turn = { question, reply, body, item: el("li", { className: "turn" }, heading, body) };
  turns.push(turn);
  thread.append(turn.item);
  return turn;
}

function drop(turn) {
  turn.item.remove();
  turns = turns.filter((one) => one !== turn);
}

async function run(turn) {
  const controller = new AbortController();
  pending = { turn, controller };
  turn.body.replaceChildren(el("p", { className: "waiting" }, "Searching the documents…"));
  settle();
  // On a phone the box would bring the keyboard up over the answer.
  const target = matchMedia("(pointer: fine)").matches ? box : turn.item.firstChild;
  if (document.activeElement !== box) target.focus({ preventScroll: true });
  turn.item.scrollIntoView({ block: "start" });
  try {
    turn.reply = await request(turn, controller.signal);
    render(turn);
    if (box.value.trim() === turn.question) fill("");
    say(spoken(turn.reply));
  } catch (error) {
    turn.reply = null;
    if (turns.includes(turn)) {
      fail(turn, controller.signal.aborted ? null : error);
      if (!box.value.trim()) fill(turn.question);
    }
  } finally {
    if (pending?.controller === controller) pending = null;
    settle();
    turn.item.scrollIntoView({ block: "start" });
  }
}

async function request(turn, signal) {
  const history = turns
    .slice(0, turns.indexOf(turn))
    .filter((one) => one.reply)
    .slice(-MAX_HISTORY)
    .map(({ question, reply }) => ({ question, answer: reply.answer }));
  const response = await fetch("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question: turn.question, history }),
    signal,
  });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  const fields = (problem.errors ?? []).map((one) => `${one.field}: ${one.message}`);
  throw new Failure(
    [problem.detail ?? `It answered with status ${response.status}`, ...fields].join("; "),
  );
}

function cancel() {
  pending?.controller.abort();
}

// Showing

function render(turn) {
  const { reply } = turn;
  const same = tidy(reply.interpreted_as) === tidy(turn.question);
  const reading = same
    ? null
    : el("p", { className: "reading" }, "Read as: ", bidi("em", reply.interpreted_as));
  const parts = reply.refusal ? refused(reply) : answered(reply);
  turn.body.replaceChildren(...[reading, ...parts].filter(Boolean));
}

function answered(reply) {
  const quotes = reply.citations.map((one) =>
    prose(one.cited_text, el("span", { className: "joined" }, " ", mark(one))),
  );
  const references = reply.citations.map((one) =>
    el("li", {}, el("span", { className: "number" }, `[${one.number}]`), place(one)),
  );
  const figure = percent(reply.confidence);
  const likely = words(reply.confidence);
  return [
    el("blockquote", {}, ...quotes),
    el("ol", { className: "references", role: "list", ariaLabel: "References" }, ...references),
    el("p", { className: "confidence" }, "Confidence ", el("b", {}, figure), ": ", likely),
    passages(reply.passages, false),
  ];
}

const TITLES = {
  unknown_identifier: "Not in these documents",
  phrase_not_found: "These exact words do not occur",
  nothing_found: "Nothing found",
};

function refused({ refusal, confidence, passages: nearest }) {
  const { reason, message } = refusal;
  const more = refusal.missing_terms.filter((term) => !message.includes(term));
  return [
    el(
      "div",
      { className: "refusal" },
      el("h3", {}, TITLES[reason] ?? "No clear answer"),
      bidi("p", message),
      more.length ? bidi("p", `Words the documents never use: ${more.join(", ")}.`) : null,
      confidence
        ? el("p", { className: "confidence" }, `Confidence ${percent(confidence)}: too low to answer`)
        : null,
    ),
    passages(nearest, true),
  ];
}

function passages(ranked, open) {
  if (!ranked.length) return null;
  const items = ranked.map((one) => {
    const terms = one.matched_terms.join(", ");
    return el(
      "li",
      {},
      el("p", { className: "place" }, place(one)),
      prose(one.text),
      terms ? el("p", { className: "terms" }, "Words of the question: ", bidi("span", terms)) : null,
    );
  });
  const count = ranked.length === 1 ? "nearest passage" : `${ranked.length} nearest passages`;
  return el(
    "details",
    { open, className: "passages" },
    el("summary", {}, `The ${count}`),
    el("ol", {}, ...items),
  );
}

function fail(turn, error) {
  const reason =
    error === null
      ? "Stopped before there was an answer."
      : error instanceof Failure
        ? `The service could not answer: ${error.message.replace(/\.?$/, ".")}`
        : "The service cannot be reached, or what it sent cannot be read.";
  const retry = el("button", { type: "button" }, "Try again");
  retry.addEventListener("click", () => pending || run(turn));
  turn.body.replaceChildren(
    el("div", { className: "failure" }, bidi("p", reason), retry),
  );
  say(`${reason} Your question is kept.`);
}

/** A quote as it stands: lines stay lines where they are a list or paragraphs, not mere wraps. */
function prose(text, ...rest) {
  const lined = /\n[^\S\n]*(?:\n|[-*•–—]|\(?\w{1,4}[.)]\s)/.test(text);
  return el("p", { className: lined ? "quote lined" : "quote", dir: "auto" }, text, ...rest);
}

function place(one) {
  const parts = [link(one, one.document_title)];
  const section = one.section.join(" › ");
  if (one.page) parts.push(`, page ${one.page}`);
  if (section) parts.push(" ", bidi("span", section));
  return el("span", { className: "source", dir: "auto" }, ...parts);
}

function mark(one) {
  const label = `[${one.number}] ${one.document_title}`;
  return Object.assign(link(one, `[${one.number}]`), { className: "mark", ariaLabel: label });
}

function link(one, text) {
  const node = el("a", { dir: "auto" }, text);
  const address = new URL(one.url, location.origin);
  address.hash = "cited";
  if (address.origin === location.origin) node.href = address.href;
  return node;
}

function bidi(tag, text) {
  return el(tag, { textContent: text, dir: "auto" });
}

function words(confidence) {
  if (confidence >= 0.9) return "very likely right";
  if (confidence >= 0.7) return "likely right";
  if (confidence >= 0.5) return "more likely right than not";
  return "uncertain, so check the source";
}

function percent(confidence) {
  return `${Math.min(99, Math.max(1, Math.round(confidence * 100)))}%`;
}

function spoken(reply) {
  if (reply.refusal) return `Not answered. ${reply.refusal.message}`;
  const { confidence, answer } = reply;
  return `${answer} Confidence ${percent(confidence)}: ${words(confidence)}.`;
}

function tidy(text) {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

function say(text) {
  status.textContent = text;
}

// The box, and what outlives a reload

function fill(text) {
  box.value = text;
  typed();
}

function typed() {
  box.parentElement.dataset.text = box.value;
  const length = [...box.value.trim()].length;
  const near = length > MAX_QUESTION - 200;
  limit.textContent = near ? `${length} of at most ${MAX_QUESTION} characters` : "";
  limit.className = length > MAX_QUESTION ? "over" : "";
  keep("draft", box.value);
}

function settle() {
  const asked = turns.length > 0;
  document.body.classList.toggle("asked", asked);
  intro.classList.toggle("unseen", asked); // its heading stays the page's own
  examples.hidden = asked;
  anew.hidden = !asked;
  send.hidden = pending !== null;
  stop.hidden = pending === null;
  keep(
    "turns",
    turns.map(({ question, reply }) => ({ question, reply })),
  );
}

function keep(name, value) {
  try {
    sessionStorage.setItem(`attest.${name}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: the conversation then lives as long as the page.
  }
}

function kept(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(`attest.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function restore() {
  box.value = kept("draft", "") || box.value;
  try {
    for (const { question, reply } of kept("turns", [])) {
      const turn = add(question, reply);
      if (reply) render(turn);
      else fail(turn, null);
    }
  } catch {
    // Kept by another version of this page.
    thread.replaceChildren();
    turns = [];
  }
  say("");
  typed();
  settle();
}

function startAnew() {
  cancel();
  turns = [];
  thread.replaceChildren();
  say("");
  settle();
  box.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
box.addEventListener("input", typed);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") cancel();
});
stop.addEventListener("click", cancel);
anew.addEventListener("click", startAnew);
examples.addEventListener("click", ({ target }) => {
  const example = target.closest("button");
  if (!example || pending) return;
  fill(example.textContent);
  submit();
});
restore();

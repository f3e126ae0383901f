// What a reader thinks of an answer, sent to the service for its evaluation.

import { tools } from "./answer.js";
import { el, say } from "./dom.js";
import { call, Failure } from "./service.js";
import { save, thread } from "./thread.js";

document.head.append(el("link", { rel: "stylesheet", href: "/static/feedback.css" }));

/** Asks for a comment to go with a rating, "up" or "down". */
export function rate(turn, rating) {
  turn.body.querySelector(".opinion")?.remove();
  for (const button of turn.body.querySelectorAll(".rate button")) {
    button.ariaPressed = String(button.dataset.do === rating);
  }
  const label = rating === "up" ? "What was good? (may be left empty)" : "What is wrong or missing? (may be left empty)";
  const comment = el("textarea", { rows: 2, maxLength: 2000, dir: "auto" });
  const state = el("p", { role: "status" });
  const form = el(
    "form",
    { className: "opinion" },
    el("label", {}, label, comment),
    el("div", { className: "bar" }, el("button", {}, "Send"), el("button", { type: "button", className: "plain" }, "Cancel")),
    state,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(turn, rating, comment.value, form, state);
  });
  form.querySelector("[type=button]").addEventListener("click", () => leave(turn, form, rating));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave(turn, form, rating);
  });
  turn.body.querySelector(".tools").after(form);
  comment.focus();
}

function leave(turn, form, rating) {
  form.remove();
  const button = turn.body.querySelector(`[data-do="${rating}"]`);
  for (const one of turn.body.querySelectorAll(".rate button")) one.ariaPressed = null;
  button?.focus();
}

async function send(turn, rating, comment, form, state) {
  const before = turn.alone ? [] : thread.turns.slice(0, thread.turns.indexOf(turn));
  const history = before.filter((one) => one.reply).slice(-20);
  const { question, documents, reply } = turn;
  const body = {
    question,
    rating,
    comment: comment.trim(),
    answered: reply.answered,
    citations: reply.citations.filter((one) => !one.repeats),
    history: turn.leans ? history.map((one) => ({ question: one.question, answer: one.reply.answer })) : [],
    documents: documents ?? null,
    generation: reply.index.generation,
  };
  try {
    await call("/v1/feedback", { body });
    turn.rating = rating;
    save();
    form.remove();
    turn.body.querySelector(".tools").replaceWith(tools(turn));
    turn.item.firstChild.focus({ preventScroll: true });
    say("Thank you. Your opinion is kept.");
  } catch (error) {
    const why = error instanceof Failure ? error.message : "the service cannot be reached";
    state.textContent = `Not sent: ${why}. Your words are kept; send them again.`;
  }
}

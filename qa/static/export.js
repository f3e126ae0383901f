// Answers with their references as Markdown, to copy or to keep as a file.

import { addressOf, dated, flat, grouped, percent, reference, words } from "./cite.js";

/** What of a text Markdown would take for its own marks, kept as it stands. */
const plain = (text) =>
  flat(text)
    .replace(/[\\`*_[\]<>#|~&]/g, "\\$&")
    .replace(/^([-+]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));

const referenced = (one, at) => reference(one, at, plain, `<${addressOf(one)}>`);

/** A question with its answer and references, or its refusal, in Markdown. */
export function markdown({ question, reply, at }) {
  const lines = [`**${plain(question)}**`];
  if (!reply) lines.push("Not answered.");
  else if (reply.refusal) lines.push(`Declined: ${plain(reply.refusal.message)}`);
  else {
    const quotes = grouped(reply).map(
      (all) => `> ${plain(all[0].cited_text)} ${all.map((one) => `[${one.number}]`).join("")}`,
    );
    const references = reply.citations.map((one) => `${one.number}. ${referenced(one, at)}`);
    const likely = `Confidence ${percent(reply.confidence)}: ${words(reply.confidence)}.`;
    const left = reply.unanswered.map((one) => `Not answered: ${plain(`${one.question} ${one.message}`)}`);
    lines.push(...reply.caveats.map(plain), quotes.join("\n>\n"), ...left, references.join("\n"), likely);
  }
  return `${lines.join("\n\n")}\n`;
}

/** The whole conversation, in Markdown. */
export const exported = (turns, at) =>
  [`# Asked of the documents, ${dated(at)}\n`, ...turns.map(markdown)].join("\n");

export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// Answers with their references as Markdown, to copy or to keep as a file.

import { addressOf, dated, flat, grouped, percent, reference, words } from "./cite.js";

/** What of a text Markdown would take for its own marks, kept as it stands. */
const plain = (text) =>
  flat(text)
    .replace(/[\\`*_[\]<>#|~&]/g, "\\$&")
    .replace(/^([-+]|\d+(?=[.)]))/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));

const referenced = (one, at) => reference(one, at, plain, `<${addressOf(one)}>`);

function cited(citations, at) {
  const quotes = grouped(citations).map(
    (all) => `> ${plain(all[0].cited_text)} ${all.map((one) => `[${one.number}]`).join("")}`,
  );
  const references = citations.map((one) => `${one.number}. ${referenced(one, at)}`);
  return { quotes: quotes.join("\n>\n"), references: references.join("\n") };
}

/** A question with its answer and references, or its refusal, in Markdown. */
export function markdown({ question, documents, reply, at }) {
  const lines = [`**${plain(question)}**`];
  const read = reply && flat(reply.interpreted_as) !== flat(question);
  if (read) lines.push(`Read as: ${plain(reply.interpreted_as)}`);
  if (documents) lines.push(`Asked of: ${documents.map(plain).join(", ")}`);
  if (!reply) lines.push("Not answered.");
  else if (reply.refusal) {
    lines.push(`Declined: ${plain(reply.refusal.message)}`);
    if (reply.closest.length) lines.push(...Object.values(cited(reply.closest, at)));
  } else {
    const { quotes, references } = cited(reply.citations, at);
    const likely = `Confidence ${percent(reply.confidence)}: ${words(reply.confidence)}.`;
    const left = reply.unanswered.map((one) => `Not answered: ${plain(`${one.question} ${one.message}`)}`);
    lines.push(...reply.caveats.map(plain), quotes, ...left, references, likely);
  }
  return `${lines.join("\n\n")}\n`;
}

/** The whole conversation, in Markdown. */
export const exported = (turns, at) =>
  [`# Asked of the documents, ${dated(at)}\n`, ...turns.map(markdown)].join("\n");

export function download(name, text, type = "text/markdown") {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

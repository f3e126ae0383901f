// References as a writer needs them: title, section, address, date of access.

export const addressOf = (one) => new URL(one.url, location.origin).href;

export const sectionOf = (one) => one.section.join(" › ");

const dated = (at) => new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(at);

const flat = (text) => text.replace(/\s+/g, " ").trim();

/** What of a text Markdown would take for its own marks, kept as it stands. */
const plain = (text) => flat(text).replace(/[\\`*_[\]<>#|~]/g, "\\$&");

/** A reference, spelled out. */
export function reference(one, at, shape = (text) => text) {
  const section = sectionOf(one);
  const within = section ? `, “${shape(section)}”` : "";
  const page = one.page ? `, p. ${one.page}` : "";
  const address = shape === plain ? `<${addressOf(one)}>` : addressOf(one);
  return `${shape(one.document_title)}${within}${page}. ${address}. Accessed ${dated(at)}.`;
}

export const quoted = (one, at) => `“${flat(one.cited_text ?? one.text)}” (${reference(one, at)})`;

export function words(confidence) {
  if (confidence >= 0.9) return "very likely right";
  if (confidence >= 0.7) return "likely right";
  if (confidence >= 0.5) return "more likely right than not";
  return "uncertain, so check the source";
}

export const percent = (confidence) =>
  `${Math.min(99, Math.max(1, Math.round(confidence * 100)))}%`;

/** A question with its answer and references, or its refusal, in Markdown. */
export function markdown({ question, reply, at }) {
  const lines = [`**${plain(question)}**`];
  if (!reply) lines.push("Not answered.");
  else if (reply.refusal) lines.push(`Declined: ${plain(reply.refusal.message)}`);
  else {
    const quotes = reply.citations.map((one) => `> ${plain(one.cited_text)} [${one.number}]`);
    const references = reply.citations.map((one) => `${one.number}. ${reference(one, at, plain)}`);
    const likely = `Confidence ${percent(reply.confidence)}: ${words(reply.confidence)}.`;
    lines.push(quotes.join("\n>\n"), references.join("\n"), likely);
  }
  return `${lines.join("\n\n")}\n`;
}

/** The whole conversation, in Markdown. */
export const exported = (turns, at) =>
  [`# Asked of the documents, ${dated(at)}\n`, ...turns.map(markdown)].join("\n");

/** Copies `text`; false where the browser does not allow it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text); // no secure context: plain http from another machine
  }
}

function copyOld(text) {
  const area = Object.assign(document.createElement("textarea"), { value: text });
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

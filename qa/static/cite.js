// References as a writer needs them: title, section, address, date of access.

export const addressOf = (one) => new URL(one.url, location.origin).href;

export const sectionOf = (one) => one.section.join(" › ");

/** The page as printed, and in the file. */
function pageOf({ page, page_label: label }) {
  const printed = label?.split("/")[0];
  if (!page || !printed || printed === `${page}`) return page && `p. ${page}`;
  return `p. ${printed} (page ${page} of the file)`;
}

/** Where it stands, as people cite it: "S/2025/496, para. 12, p. 3". */
export const placeOf = (one) =>
  [one.symbol, one.paragraph?.replace(/^(?=\d)/, "para. "), pageOf(one)]
    .filter(Boolean)
    .join(", ");

export const dated = (at) => new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(at);

export const flat = (text) => text.replace(/\s+/g, " ").trim();

/** A reference, spelled out. */
export function reference(one, at, shape = (text) => text, address = addressOf(one)) {
  const section = sectionOf(one);
  const within = section && section !== one.document_title ? `, “${shape(section)}”` : "";
  const place = placeOf(one) && `, ${placeOf(one)}`;
  const by = one.publisher ? `${shape(one.publisher)}, ` : "";
  const on = one.date ? ` (${shape(one.date)})` : "";
  const source = /^https?:/.test(one.source_url ?? "") ? ` ${one.source_url}.` : "";
  return `${by}${shape(one.document_title)}${within}${place}${on}.${source} ${address}. Accessed ${dated(at)}.`;
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

const escaped = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);

/** The same with what can be followed, for programs that take more than letters. */
export const enriched = (one, at) => {
  const address = escaped(addressOf(one));
  return `<p>${escaped(quoted(one, at)).replaceAll(address, `<a href="${address}">${address}</a>`)}</p>`;
};

/** Copies `text`, as `html` too where that is given; false where the browser does not allow it. */
export async function copy(text, html = "") {
  const kinds = { "text/plain": text, ...(html && { "text/html": html }) };
  const blobs = Object.entries(kinds).map(([type, content]) => [type, new Blob([content], { type })]);
  try {
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
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

/** The citations of an answer, those together that say the same. */
export const grouped = (citations) =>
  citations
    .filter((one) => !one.repeats)
    .map((one) => [one, ...citations.filter(({ repeats }) => repeats === one.number)]);

// The references of a conversation for programs that keep them: RIS, BibTeX, CSL-JSON.

import { addressOf, flat, placeOf } from "./cite.js";

/** The documents that `turns` cite, each once, with the places that are cited in it. */
function sources(turns, at) {
  const found = new Map();
  for (const { reply } of turns) {
    for (const one of [...(reply?.citations ?? []), ...(reply?.closest ?? [])]) {
      const known = found.get(one.document_id) ?? { ...one, at, places: [] };
      const place = placeOf(one);
      if (place && !known.places.includes(place)) known.places.push(place);
      found.set(one.document_id, known);
    }
  }
  return [...found.values()];
}

const address = (one) => (/^https?:/.test(one.source_url ?? "") ? one.source_url : addressOf(one));
const day = (at) => new Date(at).toISOString().slice(0, 10);

function ris(one) {
  const lines = [
    ["TY", "RPRT"],
    ["TI", flat(one.document_title)],
    ["PB", one.publisher],
    ["PY", one.date?.slice(0, 4)],
    ["DA", one.date?.replaceAll("-", "/")],
    ["M1", one.symbol],
    ["N1", one.places.join("; ")],
    ["UR", address(one)],
    ["Y2", day(one.at).replaceAll("-", "/")],
    ["ER", ""],
  ];
  return lines
    .filter(([name, value]) => value || name === "ER")
    .map(([name, value]) => `${name}  - ${value}`)
    .join("\r\n");
}

const tex = (text) => flat(text).replace(/[\\{}%&#_$~^]/g, (mark) => ESCAPES[mark] ?? `\\${mark}`);
const ESCAPES = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };

function bibtex(one) {
  const fields = [
    ["title", `{${tex(one.document_title)}}`],
    ["institution", one.publisher && tex(one.publisher)],
    ["year", one.date?.slice(0, 4)],
    ["number", one.symbol && tex(one.symbol)],
    ["note", one.places.length ? tex(one.places.join("; ")) : ""],
    ["url", address(one).replace(/[{}\\]/g, encodeURIComponent)],
    ["urldate", day(one.at)],
  ];
  const lines = fields.filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
  return `@techreport{${one.document_id.replace(/[^\w:-]/g, "-")},\n${lines.join(",\n")}\n}`;
}

const parts = (date) => ({ "date-parts": [date.split("-").map(Number)] });

const csl = (one) => ({
  id: one.document_id,
  type: "report",
  title: flat(one.document_title),
  ...(one.publisher && { publisher: one.publisher }),
  ...(/^\d{4}/.test(one.date ?? "") && { issued: parts(one.date) }),
  ...(one.symbol && { number: one.symbol }),
  ...(one.places.length && { note: one.places.join("; ") }),
  URL: address(one),
  accessed: parts(day(one.at)),
});

/** The file of a format: its name, its type and what it makes of the sources. */
const FORMATS = {
  ris: ["ris", "application/x-research-info-systems", (all) => `${all.map(ris).join("\r\n")}\r\n`],
  bibtex: ["bib", "application/x-bibtex", (all) => `${all.map(bibtex).join("\n\n")}\n`],
  csl: ["json", "application/vnd.citationstyles.csl+json", (all) => JSON.stringify(all.map(csl), null, 1)],
};

/** Name, type and text of the references of `turns` in a format; null where nothing is cited. */
export function references(turns, format, at) {
  const all = sources(turns, at);
  const [ending, type, write] = FORMATS[format];
  return all.length ? [`attest-references.${ending}`, type, write(all)] : null;
}

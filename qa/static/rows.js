// The rows of the collection: files with what is known of their documents, sorted and searched.

/** What a file's state is called. */
export const STATES = {
  read: "Read",
  warnings: "Read, with warnings",
  skipped: "Skipped",
  waiting: "Waiting",
  reading: "Being read",
  hidden: "Hidden",
  failed: "Failed",
};

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** The name of a language by its ISO 639 code; "" where it is not known. */
export function languageOf(code) {
  if (!code || code === "und") return "";
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

export const counted = (number, what) =>
  `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

/** The columns, in order; a `plain` one does not sort. */
export const COLUMNS = [
  { id: "title", name: "Title" },
  { id: "symbol", name: "Symbol" },
  { id: "date", name: "Date" },
  { id: "publisher", name: "Publisher" },
  { id: "pages", name: "Pages" },
  { id: "language", name: "Language" },
  { id: "passages", name: "Passages" },
  { id: "state", name: "State" },
  { id: "tags", name: "Tags" },
  { id: "actions", name: "Actions", plain: true },
];

/** A row for each file, with the facts of its document where it is one that can be asked. */
export function joined(files, documents) {
  const facts = new Map(documents.map((one) => [one.id, one]));
  const listed = files.map((file) => {
    const known = (file.id && file.state !== "hidden" && facts.get(file.id)) || {};
    facts.delete(file.id);
    return rowOf({ ...known, ...file, said: undefined });
  });
  // One that no file is listed for: an index that was built before files were.
  const others = [...facts.values()].map((one) =>
    rowOf({ ...one, name: one.source, state: "read", tags: [], reason: "", uploaded: false }),
  );
  return [...listed, ...others];
}

function rowOf(known) {
  const language = languageOf(known.language);
  const title = known.title ?? known.name;
  const key = `${known.uploaded} ${known.folder} ${known.name}`;
  const words = [title, known.name, known.symbol, ...known.tags].filter(Boolean).join("\n");
  return { ...known, title, language, key, words: words.toLowerCase() };
}

/** Whether a row is one that the filters are to let through. */
export function matches({ words, state, tag }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) =>
    (!state || row.state === state) &&
    (!tag || row.tags.includes(tag)) &&
    wanted.every((word) => row.words.includes(word));
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
/** Of a date as a document has it, such as "2025-03-14" or "14 March 2025". */
const timeOf = (date) => (date && Date.parse(date)) || undefined;
const VALUES = {
  date: (row) => timeOf(row.date),
  state: (row) => STATES[row.state],
  tags: (row) => row.tags.join(", "),
};

/** Rows in an order; those that have nothing in its column come last either way. */
export function sorted(rows, { by, down }) {
  const value = VALUES[by] ?? ((row) => row[by]);
  const sign = down ? -1 : 1;
  const lacks = (one) => one === undefined || one === "" || one === 0;
  return rows
    .map((row) => [value(row), row])
    .sort(([one, first], [other, second]) => {
      if (lacks(one) || lacks(other)) {
        return lacks(one) - lacks(other) || collator.compare(first.name, second.name);
      }
      const order =
        typeof one === "number" ? one - other : collator.compare(String(one), String(other));
      return sign * order || collator.compare(first.name, second.name);
    })
    .map(([, row]) => row);
}

// What outlives a reload: conversations in this browser's storage, the question in the address.

const PREFIX = "attest.thread.";
const MOST = 20;

/** A value of this tab, or of the browser where it is to be `shared` by all tabs. */
export function recall(name, otherwise, shared = false) {
  try {
    const store = shared ? localStorage : sessionStorage;
    return JSON.parse(store.getItem(`attest.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value, shared = false) {
  try {
    const store = shared ? localStorage : sessionStorage;
    store.setItem(`attest.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false; // full or forbidden: the page then does without
  }
}

/** Keeps a conversation; the oldest make room for it. */
export function keep(thread) {
  remember("open", thread.id);
  if (!thread.turns.length) return drop(PREFIX + thread.id);
  const older = earlier().filter((one) => one.id !== thread.id);
  for (const one of older.splice(MOST - 1)) drop(PREFIX + one.id);
  while (!remember(`thread.${thread.id}`, thread, true) && older.length) {
    drop(PREFIX + older.pop().id);
  }
}

/** The conversation of this tab, if there is one. */
export function opened() {
  const id = recall("open", null);
  return id && current(recall(`thread.${id}`, null, true));
}

/** A conversation with what replies have gained since it was kept. */
function current(thread) {
  for (const one of thread?.turns ?? []) {
    if (one.reply) one.reply = { caveats: [], unanswered: [], closest: [], ...one.reply };
  }
  return thread;
}

/** Conversations of this browser, newest first. */
export function earlier() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => current(recall(key.slice("attest.".length), null, true)))
      .filter((one) => one?.turns?.length)
      .sort((one, other) => other.at - one.at);
  } catch {
    return [];
  }
}

/** Keeps conversations again that were forgotten. */
export function restore(threads) {
  for (const one of threads) remember(`thread.${one.id}`, one, true);
}

export function forget() {
  for (const one of earlier()) drop(PREFIX + one.id);
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Forbidden: then nothing was kept.
  }
}

/** The address of a question with the citation that is open, `pick`. */
export function addressOf(questions, { documents, exact } = {}, pick = "") {
  const query = new URLSearchParams(questions.map((one) => ["q", one]));
  for (const id of documents ?? []) query.append("d", id);
  if (exact) query.set("exact", "1");
  if (pick) query.set("c", pick);
  return `/?${query}`;
}

/** What an address holds, as `addressOf` writes it. */
export function asked(search = location.search) {
  const query = new URLSearchParams(search);
  const documents = query.getAll("d");
  return {
    questions: query.getAll("q").filter((one) => one.trim()),
    documents: documents.length ? documents : null,
    exact: query.get("exact") === "1",
    pick: query.get("c") ?? "",
  };
}

/** Shows `address`; `anew` as a step that the browser's Back undoes. */
export function showAddress(address, anew = false) {
  if (address !== location.pathname + location.search) {
    history[anew ? "pushState" : "replaceState"](null, "", address);
  }
  remember("address", address);
}

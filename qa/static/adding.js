// Adds documents: takes files, sends them, and shows what becomes of each until it can be asked.

import { change, follow, isDone, standing } from "./changing.js";
import { bidi, el, say } from "./dom.js";
import { batchOf, faultOf, keyOf, nameFor, send, sized, walked } from "./sending.js";
import { call } from "./service.js";
import { remember } from "./storage.js";

const MOST = 100; // rows that are shown of what goes well
/** What a file's state is called; those after "sending" are the service's. */
const WORDS = {
  queued: "To be sent",
  sending: "Being sent",
  waiting: "Waits to be read",
  reading: "Being read",
  encoding: "Being made searchable",
  live: "Askable now",
  same: "Here already",
  failed: "Not added",
};
const PAST = new Set(["encoding", "writing"]); // states of a build that has read all
const OVER = new Set(["live", "same", "failed"]);
/** A page listens for it to show the collection anew. */
export const CHANGED = "attest:changed";

/** Each: {name, size, state, said, file, build, id, again}. */
let items = [];
let limits = null;
let sending = false;
let gone = 0; // bytes that were sent since sending began
const followed = new Set();
/** What was last said of all files, and their states when the page was last told. */
let [told, known] = ["", ""];

const heading = el("h2", { id: "adding-title" }, "Add documents");
const offer = el("div", { className: "offer" });
const sent = stage("Sending");
const built = stage("Building");
const unbuilt = el("p", { className: "failure", hidden: true });
const list = el("ol", { className: "added", role: "list", ariaLabel: "Files", tabIndex: 0 });
const summary = el("p", { className: "small" });
const clear = el("button", { type: "button", className: "plain", hidden: true }, "Clear the list");
const box = el(
  "section",
  { className: "adding", ariaLabel: "Adding documents" },
  heading,
  offer,
  sent.box,
  built.box,
  unbuilt,
  summary,
  list,
  clear,
);

/** A line of words above a bar. */
function stage(name) {
  const words = el("p", { className: "words", dir: "auto" });
  const bar = el("progress", { ariaLabel: name, max: 1 });
  const whole = el("div", { className: "stage", hidden: true }, words, bar);
  const show = ({ words: said, done, total }) => {
    whole.hidden = false;
    words.textContent = said;
    if (total) bar.value = done / total;
    else bar.removeAttribute("value");
  };
  return { box: whole, show };
}

/** Shows it at a place, given what the service says of the collection; and what is under way. */
export async function mount(place, collection) {
  place(box);
  if (!document.querySelector("link[href='/static/adding.css']")) {
    document.head.append(el("link", { rel: "stylesheet", href: "/static/adding.css" }));
  }
  const { uploads } = collection ?? (await call("/v1/collection"));
  limits = uploads;
  offer.replaceChildren(...(uploads.allowed ? choosers() : [whyNot()]));
  const { builds } = await call("/v1/builds");
  for (const one of builds.toReversed()) if (!isDone(one)) watch(one.id);
  show();
}

/** A build that something else has asked for. */
export function watch(id) {
  if (id && !followed.has(id)) attend(id);
}

/** Takes what was dropped: its entries and its files, as they were while the event lasted. */
export const takeEntries = (entries, files) => walked(entries, files).then(take);

const LIKE = { pdf: "PDF", docx: "Word", html: "web pages", txt: "text", epub: "e-books" };

function choosers() {
  const [files, folder] = ["Choose files", "Choose a folder"].map((name, n) => {
    const input = el("input", { type: "file", multiple: true, hidden: true, ariaLabel: name });
    input.webkitdirectory = n === 1;
    input.accept = n ? "" : limits.kinds.join(",");
    input.addEventListener("change", () => {
      take([...input.files].map((file) => [file, file.webkitRelativePath || file.name]));
      input.value = "";
    });
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => input.click());
    return [button, input];
  });
  const some = Object.keys(LIKE).filter((one) => limits.kinds.includes(`.${one}`));
  const kinds = el("details", {}, el("summary", {}, "What can be added"), el(
    "p",
    {},
    `Files of up to ${sized(limits.max_file_bytes)}: ${limits.kinds.join(" ")}`,
  ));
  return [
    el("p", {}, "Drop files or folders here: ", some.map((one) => LIKE[one]).join(", "), " and more."),
    el("p", { className: "choosers" }, ...files, ...folder),
    kinds,
  ];
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, ".")}`;

const whyNot = () =>
  el(
    "p",
    { className: "notice" },
    `Documents cannot be added here. ${sentence(limits.reason)} From a shell, `,
    el("code", {}, "attest index FOLDER"),
    " adds a folder.",
  );

/** Takes files, each with its path, and sends them. */
function take(found) {
  if (!limits?.allowed) {
    say(limits ? `Not added. ${sentence(limits.reason)}` : "");
    offer.scrollIntoView({ block: "nearest" });
    return;
  }
  if (!found.length) return say("There are no files in what was dropped.");
  const taken = new Set(items.filter((one) => !OVER.has(one.state)).map((one) => keyOf(one.name)));
  for (const [file, path] of found) {
    const name = nameFor(file.name, path, taken);
    taken.add(keyOf(name));
    const said = faultOf(file, limits);
    items.push({ name, file, size: file.size, said, state: said ? "failed" : "queued" });
  }
  show();
  sendAll();
}

async function sendAll() {
  if (sending) return;
  [sending, gone] = [true, 0];
  addEventListener("beforeunload", stay);
  for (let next = queued(); next.length; next = queued()) {
    const batch = batchOf(next, limits);
    for (const one of batch) one.state = "sending";
    show();
    try {
      arrived(batch, await send(batch, (loaded, total) => progress(batch, loaded / total)));
    } catch (error) {
      refused(batch, error);
    }
    gone += batch.reduce((total, one) => total + one.size, 0);
    show();
  }
  sending = false;
  sent.box.hidden = true;
  removeEventListener("beforeunload", stay);
}

const queued = () => items.filter((one) => one.state === "queued");
const stay = (event) => event.preventDefault(); // the browser asks whether to leave

function progress(batch, share) {
  const sum = (some) => some.reduce((total, one) => total + one.size, 0);
  const waiting = queued();
  const total = gone + sum(batch) + sum(waiting);
  const done = gone + sum(batch) * share;
  const more = waiting.length ? `, ${waiting.length} more to follow` : "";
  const files = batch.length === 1 ? batch[0].name : `${batch.length} files`;
  sent.show({ words: `Sending ${files}: ${sized(done)} of ${sized(total)}${more}`, done, total });
}

function arrived(batch, { build, documents }) {
  documents.forEach((outcome, n) => {
    const { state, name, id, reason, replaces } = outcome;
    Object.assign(batch[n], {
      state: state === "refused" ? "failed" : state,
      name: state === "waiting" ? name : batch[n].name,
      said: reason ? sentence(reason) : replaces ? "A new version of what was here." : "",
      id,
      build,
      file: null,
    });
  });
  watch(build);
  document.dispatchEvent(new Event(CHANGED));
}

function refused(batch, error) {
  const whys = new Map((error.errors ?? []).map((one) => [one.field, one.message]));
  batch.forEach((one, n) => {
    // A request is refused as a whole where it brings nothing that can be taken.
    const why = whys.get(`files.${n}`) ?? (whys.size ? "" : error.message);
    const said = sentence(why.startsWith(`${one.name} `) ? why.slice(one.name.length + 1) : why);
    Object.assign(one, { state: "failed", said, again: Boolean(error.again) });
  });
}

/** Follows a build, and says of its files what becomes of them. */
async function attend(id) {
  followed.add(id);
  const build = await follow(id, (now) => now && note(now));
  followed.delete(id);
  if (!followed.size) built.box.hidden = true;
  if (build?.state === "live") await name(id);
  document.dispatchEvent(new CustomEvent(CHANGED, { detail: build }));
  show();
}

function note(build) {
  const failed = new Map(build.failed.map((one) => [one.name, one.reason]));
  const reading = build.progress?.reading ?? [];
  for (const { action, name } of build.changes) {
    if (action !== "add" && action !== "replace") continue;
    let one = items.find((other) => other.build === build.id && other.name === name);
    if (!one) items.push((one = { name, build: build.id, state: "waiting", said: "" }));
    if (failed.has(name)) Object.assign(one, { state: "failed", said: sentence(failed.get(name)) });
    else if (build.state === "failed") Object.assign(one, { state: "failed", said: "" });
    else if (build.state === "live") one.state = "live";
    else if (reading.includes(name)) one.state = "reading";
    else if (one.state === "reading" || PAST.has(build.state)) one.state = "encoding";
  }
  built.show(standing(build));
  unbuilt.hidden = build.state !== "failed";
  if (build.state === "failed") {
    unbuilt.replaceChildren(`${sentence(standing(build).words)} `, again(build.id));
  }
  const states = items.map((one) => one.state).join();
  if (states !== known) document.dispatchEvent(new Event(CHANGED));
  known = states;
  show();
}

function again(id) {
  const button = el("button", { type: "button" }, "Build again");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { build } = await change("POST", "/v1/builds");
      items = items.filter((one) => one.build !== id || one.state !== "failed" || one.said);
      unbuilt.hidden = true;
      watch(build);
    } catch (error) {
      button.disabled = false;
      say(`Not built: ${error.message}.`);
    }
  });
  return button;
}

/** Looks up the ids of what can be asked now. */
async function name(build) {
  try {
    const { files } = await call("/v1/collection/files");
    const ids = new Map(files.filter((one) => one.uploaded).map((one) => [one.name, one.id]));
    for (const one of items) if (one.build === build) one.id = ids.get(one.name);
  } catch {
    // They are askable without a link, too.
  }
}

let due = false;

/** Shows what there is, once before the next frame. */
function show() {
  if (due) return;
  due = true;
  setTimeout(draw, 50);
}

function draw() {
  due = false;
  const failed = items.filter((one) => one.state === "failed");
  const others = items.filter((one) => one.state !== "failed").reverse();
  const open = others.filter((one) => !OVER.has(one.state));
  const done = others.filter((one) => OVER.has(one.state));
  const rows = [...failed, ...[...open, ...done].slice(0, MOST)].map(row);
  if (rows.some((one, n) => list.children[n] !== one) || list.children.length !== rows.length) {
    const { activeElement } = document;
    list.replaceChildren(...rows);
    if (list.contains(activeElement)) activeElement.focus();
  }
  const parts = [
    [open.length, "under way"],
    [done.length, "done"],
    [failed.length, "not added"],
  ];
  const words = parts.filter(([number]) => number).map(([number, what]) => `${number} ${what}`);
  const all = items.length === 1 ? "1 file" : `${items.length} files`;
  const left = failed.length + others.length - rows.length;
  summary.textContent = items.length ? `${all}: ${words.join(", ")}.` : "";
  if (left > 0) summary.textContent += ` ${left} of them are not listed here.`;
  summary.hidden = !items.length;
  clear.hidden = !items.some((one) => OVER.has(one.state)) || open.length > 0;
  const said = summary.textContent;
  if (said !== told && (!open.length || !told)) say(said);
  told = items.length ? said : "";
}

/** The row of a file, made anew only where something of it has changed. */
function row(one) {
  const key = [one.state, one.said, one.name, one.id, one.again].join("\n");
  if (one.row?.key === key) return one.row.node;
  const parts = [bidi("span", one.name, { className: "name" })];
  parts.push(el("span", { className: `state ${one.state}` }, WORDS[one.state]));
  if (one.state === "live" && one.id) parts.push(askLink(one.id, one.name));
  if (one.state === "failed" && one.again) parts.push(retry(one));
  if (one.said) parts.push(bidi("span", one.said, { className: "why" }));
  const node = el("li", {}, ...parts);
  one.row = { key, node };
  return node;
}

/** A link to ask of one document alone. */
export function askLink(id, title) {
  const href = `/?d=${encodeURIComponent(id)}`;
  const link = el("a", { href, ariaLabel: `Ask about it: ${title}` }, "Ask about it");
  // The page to ask on then knows its title, too.
  link.addEventListener("click", () => remember("scope", [[id, title]]));
  return link;
}

function retry(one) {
  const button = el("button", { type: "button", ariaLabel: `Try again: ${one.name}` }, "Try again");
  const { said } = one;
  button.addEventListener("click", () => {
    for (const other of items) {
      // What failed with it for the same reason goes with it.
      if (other.again && other.said === said) {
        Object.assign(other, { state: "queued", said: "", again: false });
      }
    }
    heading.tabIndex = -1;
    heading.focus();
    show();
    sendAll();
  });
  return button;
}

clear.addEventListener("click", () => {
  items = items.filter((one) => !OVER.has(one.state));
  heading.tabIndex = -1;
  heading.focus();
  draw();
});

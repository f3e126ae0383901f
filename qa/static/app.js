// Puts the page together: what was kept is shown again, and what is pressed is done.

import { cancel, fill, isPending, onSettled, run, submit, typed } from "./ask.js";
import { copy, enriched, quoted } from "./cite.js";
import { bidi, byId, el, say } from "./dom.js";
import { asked, earlier, opened, recall, showAddress } from "./storage.js";
import { listen } from "./keys.js";
import { isOpen, leave, openPick, picked } from "./reader.js";
import { choose, chooseById, chosenIds, settle as settleScope } from "./scope.js";
import { call } from "./service.js";
import { add, begin, save, thread, turnOf } from "./thread.js";
import { failed } from "./waiting.js";

const [box, examples, past] = [byId("box"), byId("examples"), byId("earlier")];

/** What the buttons of a turn do, by their names. */
const ACTIONS = {
  retry: (turn) => run(turn, { anew: false }),
  instead: (turn) => {
    Object.assign(turn, { exact: true, alone: true, leans: false });
    run(turn, { anew: false });
  },
  copy: async (turn, button) => copied((await exporting()).markdown(turn), button),
  quote: (turn, button) =>
    copiedQuote(picked(turn, button.dataset.of), turn.at, button),
  up: async (turn) => (await import("./feedback.js")).rate(turn, "up"),
  down: async (turn) => (await import("./feedback.js")).rate(turn, "down"),
};
// Loaded when first needed, as feedback is.
const collection = () => import("./collection.js");
const exporting = () => import("./export.js");
const home = () => import("./home.js");
const answers = () => import("./answer.js");

const copiedQuote = (one, at, button) => copied(quoted(one, at), button, enriched(one, at));

async function copied(text, button, html) {
  const done = await copy(text, html);
  const said = done ? "Copied" : "Cannot copy";
  say(`${said}.`);
  const before = button.textContent;
  button.textContent = said;
  setTimeout(() => (button.textContent = before), 2000);
}

function clicked(event) {
  const { target } = event;
  const button = target.closest("button[data-do]");
  const turn = turnOf(target);
  if (button && turn) return ACTIONS[button.dataset.do]?.(turn, button);
  const link = target.closest("a[data-pick]");
  const plainly = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plainly) return;
  event.preventDefault();
  if (turn) openPick(turn, link.dataset.pick);
  else collection().then((one) => openPick(one.foundPassages(), link.dataset.pick));
}

async function toggleCollection() {
  const { closeCollection, openCollection } = await collection();
  if (byId("collection").hidden) openCollection();
  else closeCollection();
}

async function askAll() {
  choose([]);
  if (!byId("collection").hidden) (await collection()).list();
  box.focus();
}

/** What stands on the page beside the thread depends on whether there is one. */
function settle() {
  const any = thread.turns.length > 0;
  document.body.classList.toggle("asked", any);
  byId("intro").classList.toggle("unseen", any); // its heading stays the page's own
  byId("anew").hidden = byId("tools").hidden = !any;
  byId("send").hidden = isPending();
  byId("stop").hidden = !isPending();
  examples.hidden = any || !examples.querySelector("button");
  const before = any ? [] : earlier();
  past.hidden = !before.length;
  past.querySelector("ul").replaceChildren(...before.slice(0, 5).map(former));
  document.title = any ? `${thread.turns.at(-1).question.slice(0, 60)} · Attest` : "Attest";
}

function former(kept) {
  const button = bidi("button", kept.turns[0].question, { type: "button" });
  const more = kept.turns.length - 1;
  if (more) button.append(el("span", { className: "more" }, ` and ${more} more`));
  button.addEventListener("click", async () => {
    await resume(kept);
    showAddress("/", true);
    thread.turns[0].item.firstChild.focus();
  });
  return el("li", {}, button);
}

/** Shows a conversation that was kept; one kept by another version of this page is let go. */
async function resume(kept) {
  try {
    begin(kept);
    const { render } = thread.turns.length ? await answers() : {};
    for (const turn of thread.turns) {
      if (turn.reply) render(turn);
      else failed(turn, null);
    }
  } catch {
    begin({ id: kept.id });
  }
  save(); // what has no turns is let go
  settle();
}

/** Goes to the question of the address and opens its citation; asks it where it is not here. */
async function visit(back = false) {
  const { questions, documents, exact, pick } = asked();
  const wanted = questions.at(-1)?.trim();
  if (!wanted) {
    if (isOpen()) leave();
    return;
  }
  const same = (turn) =>
    turn.question === wanted &&
    Boolean(turn.exact) === exact &&
    String(turn.documents ?? "") === String(documents ?? "");
  let turn = thread.turns.findLast(same);
  // Back after "New": the conversation is shown as it was kept.
  const kept = back && !turn && earlier().find((one) => one.turns.some(same));
  if (kept) {
    await resume(kept);
    turn = thread.turns.findLast(same);
  }
  if (!turn) {
    if (thread.turns.length) begin();
    for (const question of questions) {
      turn = add(question.trim(), { documents, exact, alone: exact });
      await run(turn, { anew: false });
      if (!turn.reply) return;
    }
  }
  if (pick && openPick(turn, pick)) return;
  if (isOpen()) leave();
  turn.item.scrollIntoView({ block: "start" });
}

async function offerExamples() {
  try {
    const found = await call("/v1/examples");
    const items = found.examples.map((text) => {
      const button = bidi("button", text, { type: "button" });
      button.addEventListener("click", () => {
        if (isPending()) return;
        fill(text);
        submit();
      });
      return el("li", {}, button);
    });
    examples.querySelector("ul").replaceChildren(...items);
    byId("about").textContent = found.about;
    settle();
  } catch ({ code }) {
    // The box is enough to begin with, unless there is nothing to ask.
    if (code === "no_index") (await home()).begin(offerExamples);
  }
}

/** Files that are dropped anywhere are added. */
async function dragged(event) {
  const { items, files, types } = event.dataTransfer;
  if (!types.includes("Files")) return;
  event.preventDefault();
  if (event.type === "dragover") return;
  const entries = [...items].map((one) => one.webkitGetAsEntry()); // gone after the event
  (await home()).drop(entries, [...files]);
}

function startAnew() {
  cancel();
  leave();
  begin();
  showAddress("/", true);
  save();
  settle();
  say("");
  box.focus();
}

async function start() {
  box.value = recall("draft", "") || box.value;
  onSettled(settle);
  settleScope();
  const { documents } = asked();
  if (documents && `${documents}` !== `${chosenIds()}`) chooseById(documents);
  typed();
  await resume(opened());
  listen();
  visit();
  if (location.hash === "#documents") toggleCollection();
  offerExamples();
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});
box.addEventListener("input", typed);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
document.addEventListener("click", clicked);
byId("stop").addEventListener("click", cancel);
byId("anew").addEventListener("click", startAnew);
byId("print").addEventListener("click", () => print());
byId("export").addEventListener("click", async () => {
  const { download, exported } = await exporting();
  download("attest-conversation.md", exported(thread.turns, Date.now()));
  say("Exported as Markdown.");
});
byId("references").addEventListener("change", async ({ target }) => {
  const [{ references }, { download }] = await Promise.all([import("./references.js"), exporting()]);
  const file = references(thread.turns, target.value, Date.now());
  target.value = "";
  if (file) download(file[0], file[2], file[1]);
  say(file ? `Saved as ${file[0]}.` : "Nothing is cited yet.");
});
byId("forget").addEventListener("click", async ({ target }) => {
  (await import("./forgetting.js")).pressed(target, settle);
});
byId("documents").addEventListener("click", toggleCollection);
byId("listed").addEventListener("click", ({ target }) => {
  if (target.closest("[data-do=collection]")) collection().then((one) => one.openCollection());
});
byId("scope").addEventListener("click", ({ target }) => {
  if (target.closest("button")) askAll();
});
addEventListener("popstate", () => visit(true));
addEventListener("dragover", dragged);
addEventListener("drop", dragged);
start();

// Adding documents on the page to ask on: what is dropped there, and a service that has none yet.

import { mount, takeEntries } from "./adding.js";
import { wait } from "./changing.js";
import { byId, el, say } from "./dom.js";
import { call } from "./service.js";

const PAUSE = 2000; // milliseconds
const form = byId("form");
let mounted = null;

/** Below the box that questions are typed in; above it where it stands at the end of a thread. */
function place(box) {
  if (document.body.classList.contains("asked")) form.before(box);
  else form.after(box);
}

/** Shows where documents are added, once. */
function open() {
  mounted ??= mount(place).catch((error) => {
    mounted = null;
    say("Documents cannot be added now: the service cannot be reached.");
    throw error;
  });
  return mounted;
}

/** Takes what was dropped on the page. */
export async function drop(entries, files) {
  await open();
  takeEntries(entries, files);
  document.querySelector(".adding").scrollIntoView({ block: "nearest" });
}

/** Has documents added before any can be asked; calls `live` as soon as some can. */
export async function begin(live) {
  const notice = el(
    "p",
    { className: "notice", id: "empty" },
    el("b", {}, "There are no documents yet."),
    " Add some here, or a whole folder in a shell with ",
    el("code", {}, "attest index FOLDER"),
    ". As soon as they are read, they can be asked.",
  );
  form.hidden = true;
  form.before(notice);
  await open().catch(() => {});
  while (!(await isLive())) await wait(PAUSE);
  notice.remove();
  form.hidden = false;
  say("The documents can be asked now.");
  live();
}

async function isLive() {
  try {
    return (await call("/v1/collection")).documents > 0;
  } catch {
    return false; // it is gone, and may come back
  }
}

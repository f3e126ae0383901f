// The keyboard: "/" to ask, j and k or arrows through citations, Escape one step back.

import { cancel, isPending } from "./ask.js";
import { byId } from "./dom.js";
import { recall, remember } from "./storage.js";
import { close, isOpen, pressed as turned, step } from "./reader.js";
import { thread } from "./thread.js";

const STEPS = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 };
const [box, letters, shortcuts] = [byId("box"), byId("letters"), byId("shortcuts")];

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return back(event);
  if (event.target.closest?.("textarea, input:not([type=checkbox])") || !letters.checked) return;
  if (event.key === "/") box.focus();
  else if (event.key in STEPS) step(STEPS[event.key]);
  else if (!turned(event.key)) return;
  event.preventDefault();
}

/** Out of what is innermost: a question in flight, a list of keys, a panel, the box. */
function back(event) {
  if (isPending()) cancel();
  else if (shortcuts.open) {
    shortcuts.open = false;
    shortcuts.firstElementChild.focus();
  } else if (isOpen()) close();
  else if (!byId("collection").hidden) byId("collection-close").click();
  else if (event.target === box) thread.turns.at(-1)?.item.firstChild.focus();
}

/** Whoever speaks to the computer, or whose hand slips, can have letters do nothing. */
export function listen() {
  letters.checked = recall("letters", true, true);
  letters.addEventListener("change", () => remember("letters", letters.checked, true));
  document.addEventListener("keydown", pressed);
}

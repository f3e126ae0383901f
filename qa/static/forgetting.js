// Lets go of the conversations that this browser keeps: asked twice, and taken back for a while.

import { say } from "./dom.js";
import { earlier, forget, restore } from "./storage.js";

const UNDONE = 15_000; // milliseconds in which it can be taken back
const LABEL = "Forget them";
let sure = false;
let gone = null;
let timer = 0;

/** The button was pressed: it asks, then forgets, then takes back. `changed` is called with it. */
export function pressed(button, changed) {
  clearTimeout(timer);
  if (gone) {
    restore(gone);
    become(button, LABEL, false, null);
    say("They are back.");
    changed();
  } else if (sure) {
    const kept = earlier();
    forget();
    become(button, "Undo", false, kept);
    say("Forgotten. Undo brings them back.");
    // The list stays while what it showed can be brought back.
    timer = setTimeout(() => {
      become(button, LABEL, false, null);
      changed();
    }, UNDONE);
    for (const item of button.closest("section").querySelectorAll("li")) item.remove();
    button.focus();
  } else {
    const count = earlier().length;
    const what = count === 1 ? "this conversation" : `all ${count} conversations`;
    become(button, `Really forget ${what}?`, true, null);
    say(`${button.textContent} Press again to do so.`);
    timer = setTimeout(() => become(button, LABEL, false, null), UNDONE);
  }
}

function become(button, text, asked, kept) {
  button.textContent = text;
  [sure, gone] = [asked, kept];
}

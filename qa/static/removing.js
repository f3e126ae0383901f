// Takes a document away, once that is confirmed, and brings a hidden one back.

import { change } from "./changing.js";
import { bidi, el, say } from "./dom.js";

const addressOf = ({ id }) => `/v1/documents/${encodeURIComponent(id)}`;

/** Asks whether `row` is to be removed. If so it is, and `changed` hears of it: the row, what it is
    now (null: gone) and the build. If not, the focus goes back where it was. */
export function askToRemove(row, changed) {
  const what = row.uploaded ? "Delete" : "Hide";
  const said = row.uploaded
    ? "Its file is deleted from the service, and nothing is answered from it any more. To have it back, add the file again."
    : "Nothing is answered from it any more. Its file stays in its folder, and “Show again” brings it back.";
  const failure = el("p", { className: "failure", role: "alert", hidden: true });
  const [yes, no] = [`${what} it`, "Cancel"].map((text) => el("button", { type: "button" }, text));
  yes.classList.add("grave");
  const title = bidi("h2", `${what} “${row.title}”?`, { id: "removing" });
  const about = el("p", { id: "removing-about" }, said);
  const dialog = el("dialog", {}, title, about, failure, el("p", { className: "choices" }, yes, no));
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-describedby", about.id);
  no.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  yes.addEventListener("click", async () => {
    yes.disabled = true;
    try {
      const { build } = await remove(row);
      dialog.close();
      changed(row, row.uploaded ? null : hiddenOf(row), build);
      say(`“${row.title}” was ${row.uploaded ? "deleted" : "hidden"}.`);
    } catch (error) {
      yes.disabled = false;
      failure.hidden = false;
      failure.textContent = whyNot(error);
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  no.focus();
}

/** By its name where it was added: it may be no document. */
const remove = (row) =>
  change("DELETE", row.uploaded ? `/v1/uploads/${encodeURIComponent(row.name)}` : addressOf(row));

/** As the service lists it from now on. */
const hiddenOf = ({ passages, ...row }) => ({ ...row, state: "hidden", reason: "" });

/** Has a hidden document read again. */
export async function restore(row, changed) {
  try {
    const { build } = await change("POST", `${addressOf(row)}/restore`);
    changed(row, { ...row, state: build ? "waiting" : "read", reason: "" }, build);
    say(`“${row.title}” is shown again.`);
  } catch (error) {
    say(whyNot(error));
    alertBelow(whyNot(error));
  }
}

function alertBelow(text) {
  const place = document.getElementById("trouble");
  place.replaceChildren(el("p", { className: "failure" }, text));
}

const whyNot = (error) =>
  error.status === undefined && error.name === "TypeError"
    ? "The service cannot be reached. Nothing was changed; try again."
    : `Nothing was changed: ${error.message}.`;

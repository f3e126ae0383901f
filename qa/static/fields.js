// The form that sets right what is said of a document.

import { change } from "./changing.js";
import { el, say } from "./dom.js";

const FIELDS = [
  { name: "title", label: "Title" },
  { name: "symbol", label: "Symbol", hint: "What its publisher calls it, such as S/2025/496." },
  { name: "date", label: "Date", hint: "A year, month or day: 2025, 2025-03 or 2025-03-14." },
  { name: "publisher", label: "Publisher" },
  { name: "language", label: "Language", hint: "Its ISO 639 code, such as en or fr." },
  { name: "url", label: "Address", hint: "Where it can be found on the web." },
  { name: "tags", label: "Tags", hint: "With commas between them." },
];
const spoken = new Intl.ListFormat("en");

/** The form for a document as the service knows it; `saved` is called with the build, if any. */
export function form({ one, file, uploads }, saved) {
  if (!uploads.allowed) return el("p", { className: "about" }, `It cannot be changed here: ${uploads.reason}.`);
  /** What the form was filled with, by field. */
  const before = {};
  const fields = FIELDS.map((known) => field(known));
  const failure = el("p", { className: "failure", role: "alert", hidden: true });
  const save = el("button", {}, "Save");
  const whole = el("form", { noValidate: true }, ...fields.map((each) => each.box), failure, el("p", {}, save));
  for (const each of fields) {
    const { name } = each;
    const value = name === "tags" ? (file.tags ?? []).join(", ") : (one.said[name] ?? one[name]);
    fill(each, value, name in one.said);
    each.back.addEventListener("click", () => send({ [name]: null }));
  }

  function fill(each, value, said) {
    before[each.name] = value;
    each.input.value = value;
    each.back.hidden = !said;
  }

  async function send(given) {
    for (const each of fields) each.fault("");
    failure.hidden = true;
    const names = Object.keys(given);
    if (!names.length) return say("Nothing was changed, so nothing was saved.");
    save.disabled = true;
    try {
      const { build } = await change("PATCH", `/v1/documents/${encodeURIComponent(one.id)}`, given);
      const labels = FIELDS.filter(({ name }) => names.includes(name)).map(({ label }) => label);
      for (const each of fields.filter(({ name }) => names.includes(name))) {
        const value = given[each.name];
        if (each.back === document.activeElement) each.input.focus();
        // What the document itself says is known when it has been read again.
        if (value === null) fill(each, "", false);
        else fill(each, each.input.value.trim(), each.name !== "tags");
        each.input.placeholder = value === null && build ? "Being read from the document…" : "";
      }
      const soon = build ? " The index is being rebuilt with it." : "";
      say(`Saved: ${spoken.format(labels)}.${soon}`);
      state.textContent = `Saved.${soon}`;
      saved(build, refilled);
    } catch (error) {
      tell(error);
    }
    save.disabled = false;
  }

  /** What is known by now, where nothing else was typed in the meantime. */
  function refilled(now) {
    for (const each of fields) {
      const { name } = each;
      const value = name === "tags" ? (now.file.tags ?? []).join(", ") : (now.one.said[name] ?? now.one[name]);
      const untouched = each.input.value.trim() === before[name];
      each.input.placeholder = "";
      if (untouched) fill(each, value, name in now.one.said);
    }
    state.textContent = "Saved.";
  }

  function tell(error) {
    const faults = new Map();
    for (const { field: place, message } of error.errors ?? []) faults.set(place.split(".")[0], message);
    const wrong = fields.filter(({ name }) => faults.has(name));
    for (const each of wrong) each.fault(faults.get(each.name));
    if (wrong.length) return wrong[0].input.focus();
    failure.hidden = false;
    failure.textContent = error.status
      ? `Not saved: ${error.message}.`
      : "Not saved: the service cannot be reached. Try again.";
  }

  const state = el("span", { className: "saved" });
  save.after(state);
  whole.addEventListener("submit", (event) => {
    event.preventDefault();
    send(changedOf(fields, before));
  });
  return whole;
}

/** The fields that are to be said anew; null for one that was emptied. */
function changedOf(fields, before) {
  const given = {};
  for (const { name, input } of fields) {
    const value = input.value.trim();
    if (value === before[name]) continue;
    if (name === "tags") given.tags = value.split(",").map((one) => one.trim()).filter(Boolean);
    else given[name] = value || null;
  }
  return given;
}

function field({ name, label, hint }) {
  const input = el("input", { id: `field-${name}`, name, autocomplete: "off", dir: "auto" });
  const why = el("p", { id: `fault-${name}`, className: "fault", hidden: true });
  const back = el("button", { type: "button", className: "plain", hidden: true }, "As the document says");
  back.ariaLabel = `${label}: as the document says`;
  const help = hint ? el("p", { id: `hint-${name}`, className: "hint" }, hint) : "";
  const described = [hint ? `hint-${name}` : "", why.id].filter(Boolean).join(" ");
  input.setAttribute("aria-describedby", described);
  const fault = (message) => {
    why.hidden = !message;
    why.textContent = message ? `${message.replace(/^(String|List|Value)\b/, "It")}.` : "";
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  const head = el("p", { className: "head" }, el("label", { htmlFor: input.id }, label), back);
  return { name, input, back, fault, box: el("div", { className: "one" }, head, input, help, why) };
}

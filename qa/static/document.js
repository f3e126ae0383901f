// A document's page: keys through its citations, and the way back to the conversation.

import { recall } from "./storage.js";

const back = document.getElementById("back");
const address = recall("address", "/");
if (address.startsWith("/?")) {
  back.href = address;
  back.title = "Back to the conversation";
}
const contents = document.querySelector(".contents");
if (contents && matchMedia("(min-width: 80rem)").matches) contents.open = true;

const STEPS = { j: "next", k: "prev", ArrowRight: "next", ArrowLeft: "prev" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letters = event.key === "Escape" || recall("letters", true, true);
  const relation = STEPS[event.key];
  const link = event.key === "Escape" ? back : document.querySelector(`a[rel="${relation}"]`);
  if (letters && link) link.click();
});

// What opens beside the thread, or over it where there is no room beside.

const sides = document.querySelectorAll(".side");
const covering = matchMedia("(max-width: 63.99rem)");

/** Shows `side` alone; null closes whatever is open. */
export function show(side) {
  for (const one of sides) one.hidden = one !== side;
  for (const one of document.querySelectorAll("[aria-controls]")) {
    one.ariaExpanded = String(one.getAttribute("aria-controls") === side?.id);
  }
  document.body.classList.toggle("beside", side !== null);
  settle();
}

export const shown = () => [...sides].find((one) => !one.hidden) ?? null;

/** What is covered cannot be reached by keyboard, either. */
function settle() {
  const covered = shown() !== null && covering.matches;
  for (const one of document.querySelectorAll("body > .top, body > main")) one.inert = covered;
}

covering.addEventListener("change", settle);

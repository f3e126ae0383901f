// Asks the service to change the collection, and follows what it builds.

import { call, failureOf } from "./service.js";

const [OFTEN, SELDOM, LATER] = [1000, 5000, 8000]; // milliseconds

/** Sends a change; gives what the service answers. Throws `Failure`. */
export async function change(method, path, body) {
  const said = body && {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, { method, ...said });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const isDone = ({ state }) => state === "live" || state === "failed";

/** Follows a build until it is done: `told` of each state of it, and of null where the service
    cannot be reached. Gives the last; null for one that the service no longer knows. */
export async function follow(id, told) {
  for (;;) {
    let pause = document.hidden ? SELDOM : OFTEN;
    try {
      const build = await call(`/v1/builds/${encodeURIComponent(id)}`);
      told(build);
      if (isDone(build)) return build;
    } catch (error) {
      if (error.status === 404) return null;
      told(null);
      pause = LATER;
    }
    await wait(pause);
  }
}

const counted = (number, what) => `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;

/** "about 2 minutes left" */
function left(seconds) {
  if (seconds === null || seconds === undefined) return "";
  if (seconds < 10) return "a few seconds left";
  if (seconds < 90) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} minutes left`;
  return `about ${Math.round(seconds / 3600)} hours left`;
}

/** How a build stands, in words, and how far it is: {words, done, total}. */
export function standing({ state, detail, progress }) {
  if (state === "waiting") return { words: `Waiting${detail ? `: ${detail}` : " for its turn"}` };
  if (state === "failed") return { words: `Nothing was changed: ${detail}` };
  if (state === "live") return { words: "Done" };
  const { done = 0, total = 0, reading = [], seconds_left } = progress ?? {};
  const steps = {
    reading: total ? `Reading: ${done} of ${counted(total, "page")}` : "Starting to read",
    encoding: `Making passages searchable: ${done} of ${total}`,
    writing: "Writing the index",
  };
  const named = state === "reading" && reading.length ? `now ${reading.join(", ")}` : "";
  const words = [steps[state], left(seconds_left), named].filter(Boolean).join(" · ");
  return { words, done, total };
}

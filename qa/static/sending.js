// Sends files to the service: in requests that are within its limits, with the progress of each.

import { Failure } from "./service.js";

const ADDRESS = "/v1/documents";
const AROUND = 2048; // bytes that a form puts around a file
const UNITS = ["bytes", "kB", "MB", "GB"];

/** A size in words: "3.4 MB". */
export function sized(bytes) {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  const number = (bytes / 1000 ** power).toLocaleString("en", {
    maximumFractionDigits: power && bytes / 1000 ** power < 10 ? 1 : 0,
  });
  return `${number} ${bytes === 1 ? "byte" : UNITS[power]}`;
}

/** Why a file need not be sent at all; "" for one that the service may take. */
export function faultOf({ name, size }, { kinds, max_file_bytes, max_request_bytes }) {
  const ending = name.slice(name.lastIndexOf(".")).toLowerCase();
  if (!kinds.includes(ending)) return `This kind of file is not read. Read are ${kinds.join(" ")}.`;
  if (size > max_file_bytes) {
    const limits = `the limit of ${sized(max_file_bytes)} a file`;
    return `It has ${sized(size)}, over ${limits}. Split it, or raise ATTEST_MAX_FILE_MB.`;
  }
  if (size + AROUND > max_request_bytes) {
    const limits = `the limit of ${sized(max_request_bytes)} an upload`;
    return `It has ${sized(size)}, over ${limits}. Split it, or raise ATTEST_MAX_UPLOAD_MB.`;
  }
  return "";
}

/** As many of `items` as one request may bring, from the first on. */
export function batchOf(items, { max_files, max_request_bytes }) {
  let bytes = 0;
  const end = items.findIndex((one, n) => {
    bytes += one.size + AROUND;
    return n >= max_files || (n > 0 && bytes > max_request_bytes);
  });
  return end < 0 ? items : items.slice(0, end);
}

/** What a name is told from another by, as the service does it. */
export const keyOf = (name) =>
  name.normalize("NFC").replaceAll("ß", "ss").toLowerCase().normalize("NFC");

/** A name for a file that is none of those `taken`: the service keeps no folders, so that of two
    files of one name in two of them the second would take the place of the first. */
export function nameFor(name, path, taken) {
  const folders = path.split("/").slice(0, -1);
  let own = name;
  while (taken.has(keyOf(own)) && folders.length) own = `${folders.pop()} - ${own}`;
  return own;
}

/** Sends one request of `items`, and tells `progress` of its bytes. Throws `Failure`. */
export function send(items, progress) {
  const form = new FormData();
  for (const { file, name } of items) form.append("files", file, name);
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const gone = (why) => () => reject(Object.assign(new Failure(why), { again: true }));
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(loaded, total));
    request.addEventListener("error", gone("the service cannot be reached, or a file has changed"));
    request.addEventListener("timeout", gone("the service does not answer"));
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status < 300 && response) resolve(response);
      else reject(refused(status, response ?? {}));
    });
    request.open("POST", ADDRESS);
    request.responseType = "json";
    request.send(form);
  });
}

const ADVICE = {
  507: "Make room on the disk of the service",
  413: "Send fewer at once, or raise ATTEST_MAX_UPLOAD_MB",
};

function refused(status, { detail, errors = [] }) {
  const why = detail ?? `the service answered with status ${status}`;
  const failure = new Failure([why, ADVICE[status]].filter(Boolean).join(". "));
  const again = status >= 500 || status === 413 || status === 400;
  return Object.assign(failure, { errors, status, again });
}

/** The files of what was dropped, those in folders too, each with its path. */
export async function walked(dropped, files) {
  const entries = dropped.filter(Boolean);
  if (!entries.some((one) => one.isDirectory)) return files.map((file) => [file, file.name]);
  const found = [];
  for (const one of entries) await walk(one, found);
  return found;
}

async function walk(entry, found) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.name.startsWith(".")) return; // what systems keep in folders for themselves
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    if (file) found.push([file, path]);
    return;
  }
  const reader = entry.createReader();
  const read = () => new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
  for (let some = await read(); some.length; some = await read()) {
    for (const one of some) await walk(one, found);
  }
}

// Speaks to the service, and counts in a document as it does: in code points.

/** What the service answered where it could not do what was asked. */
export class Failure extends Error {}

/** The JSON at `path`, posted to where there is a `body`. Throws `Failure` for a problem. */
export async function call(path, { body, signal } = {}) {
  const posted = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, { ...posted, signal });
  if (response.ok) return response.json();
  throw await failureOf(response);
}

/** The problem of a `response`, with its `status`, `code` and `errors`. */
export async function failureOf(response) {
  const problem = await response.json().catch(() => ({}));
  const fields = (problem.errors ?? []).map((one) => `${one.field}: ${one.message}`);
  const detail = problem.detail ?? `It answered with status ${response.status}`;
  const { status, code, errors } = problem;
  return Object.assign(new Failure([detail, ...fields].join("; ")), { status, code, errors });
}

const kept = new Map();

/** A document's hash, text and the places of its headings, read once as long as it is the same. */
export async function documentOf(id) {
  const address = `/v1/documents/${encodeURIComponent(id)}`;
  const { sha256 } = await call(address);
  const key = `${id} ${sha256}`;
  if (!kept.has(key)) {
    const reading = read(address);
    reading.catch(() => kept.delete(key));
    kept.set(key, reading);
  }
  return { sha256, ...(await kept.get(key)) };
}

async function read(address) {
  const [response, { sections }] = await Promise.all([
    fetch(`${address}/text`),
    call(`${address}/sections`).catch(() => ({ sections: [] })),
  ]);
  if (!response.ok) throw await failureOf(response);
  // Not text(): it drops a byte order mark, which offsets count.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return { text: decoder.decode(await response.arrayBuffer()), sections };
}

/** For rising `offsets` in code points, where they are in a string, which counts in UTF-16. */
export function indices(text, offsets) {
  let point = 0;
  let index = 0;
  return offsets.map((offset) => {
    for (; point < offset && index < text.length; point += 1) {
      index += text.codePointAt(index) > 0xffff ? 2 : 1;
    }
    return point === offset ? index : null;
  });
}

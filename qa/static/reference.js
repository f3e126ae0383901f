// Lists the operations and schemas of /openapi.json, as text.

const about = document.getElementById("about");
const operations = document.getElementById("operations");

function el(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.flat(Infinity).filter((child) => child !== null));
  return node;
}

const nameOf = (reference) => reference.split("/").at(-1);

/** A schema's type, in words; a schema of its own is a link to it. */
function type(schema = {}) {
  if (schema.$ref) {
    const name = nameOf(schema.$ref);
    return [el("a", { href: `#${name}`, textContent: name })];
  }
  if (schema.anyOf) return schema.anyOf.flatMap((one, n) => (n ? [" or ", ...type(one)] : type(one)));
  if (schema.const !== undefined) return [JSON.stringify(schema.const)];
  if (schema.enum) return [schema.enum.map((one) => JSON.stringify(one)).join(" or ")];
  if (schema.type === "array") return ["array of ", ...type(schema.items)];
  if (schema.additionalProperties) return ["map to ", ...type(schema.additionalProperties)];
  return [schema.type ?? "anything", bounds(schema)];
}

function bounds(schema) {
  const low = schema.minimum ?? schema.minLength;
  const high = schema.maximum ?? schema.maxLength;
  const unit = schema.type === "string" ? " characters" : "";
  if (low === undefined && high === undefined) return "";
  if (high === undefined) return `, at least ${low}${unit}`;
  return low === undefined ? `, at most ${high}${unit}` : `, ${low} to ${high}${unit}`;
}

function field(name, where, required, schema, description) {
  const items = schema.maxItems === undefined ? "" : `, at most ${schema.maxItems}`;
  const standard = schema.default === undefined ? "" : `, default ${JSON.stringify(schema.default)}`;
  const need = required ? ", required" : standard;
  const said = description ?? schema.description;
  return [
    el("dt", {}, el("code", {}, name)),
    el("dd", {}, el("span", {}, where, type(schema), items, need), said ? ` · ${said}` : ""),
  ];
}

function fields(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, one]) =>
    field(name, "", required.has(name), one),
  );
}

const group = (title, entries) =>
  entries.length ? [el("h3", {}, title), el("dl", {}, ...entries)] : [];

const content = (holder) => Object.entries(holder?.content ?? {});

function response([code, one]) {
  const kinds = content(one).map(([media, { schema }], n) => [
    n ? " or " : " ",
    el("span", {}, media, schema?.$ref ? [", ", type(schema)] : []),
  ]);
  return [el("dt", {}, el("code", {}, code), kinds), el("dd", {}, one.description ?? "")];
}

function operation(method, path, one, schemas) {
  const parameters = (one.parameters ?? []).map((each) =>
    field(each.name, `in ${each.in}, `, each.required, each.schema ?? {}, each.description),
  );
  const body = content(one.requestBody).flatMap(([media, { schema }]) => {
    const whole = schema?.$ref ? schemas[nameOf(schema.$ref)] : schema;
    return group(`Body, ${media}`, fields(whole ?? {}));
  });
  return el(
    "section",
    { className: "operation" },
    el(
      "h2",
      {},
      el("span", { className: "method" }, method.toUpperCase()),
      el("span", { className: "path" }, path),
    ),
    el("p", {}, one.description ?? one.summary ?? ""),
    group("Parameters", parameters),
    body,
    group("Responses", Object.entries(one.responses ?? {}).map(response)),
  );
}

function schema([name, one]) {
  return el(
    "section",
    { className: "operation", id: name },
    el("h2", { className: "path" }, name),
    one.description ? el("p", {}, one.description) : null,
    el("dl", {}, ...fields(one).flat().filter(Boolean)),
  );
}

try {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(answer.statusText);
  const { info, paths, components } = await answer.json();
  const schemas = components?.schemas ?? {};
  about.textContent = `${info.title}, version ${info.version}. ${info.summary ?? ""}`;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, one] of Object.entries(methods)) {
      operations.append(operation(method, path, one, schemas));
    }
  }
  operations.append(...Object.entries(schemas).map(schema));
} catch {
  about.textContent = "openapi.json cannot be read now. Load the page again to try once more.";
}

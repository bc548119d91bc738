// JSON Schema, as far as options.schema.json uses it, plus `function: true`.

const KEYWORDS = new Set([
  "$ref", "additionalProperties", "anyOf", "const", "enum", "function", "items", "pattern",
  "properties", "required", "type",
]); // prettier-ignore

/** What is wrong with `value`, as "message → at path", or nothing. */
export function problem(value, schema, root = schema, path = "") {
  for (const keyword of Object.keys(schema)) {
    if (!KEYWORDS.has(keyword) && schema !== root) throw new Error(`No such keyword: ${keyword}`);
  }
  const here = (text) => `${text}${path && ` → at ${path}`}`;
  if (schema.$ref) return problem(value, resolve(schema.$ref, root), root, path);
  if (schema.anyOf) {
    return schema.anyOf.some((one) => !problem(value, one, root, path)) ? "" : here("Invalid input");
  }
  if (schema.function) return typeof value === "function" ? "" : here("Expected a function");
  if ("const" in schema && value !== schema.const) return here("Invalid input");
  if (schema.enum && !schema.enum.includes(value)) return here("Invalid option");
  if (schema.type && ![schema.type].flat().some((type) => is(value, type))) return here("Invalid input");
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return here("Invalid input");
  if (Array.isArray(value)) {
    return first(value.map((item, i) => problem(item, schema.items ?? {}, root, `${path}[${i}]`)));
  }
  return is(value, "object") ? members(value, schema, root, path) : "";
}

function members(value, schema, root, path) {
  const { properties = {}, required = [], additionalProperties: rest = {} } = schema;
  const at = (name) => (path ? `${path}.${name}` : name);
  const missing = required.find((name) => value[name] === undefined);
  if (missing) return `Missing key: "${missing}"${path && ` → at ${path}`}`;
  return first(
    Object.entries(value).map(([name, member]) => {
      if (member === undefined) return ""; // the React wrapper passes such members
      const known = properties[name] ?? rest;
      if (known === false) return `Unrecognized key: "${name}"${path && ` → at ${path}`}`;
      return problem(member, known, root, at(name));
    }),
  );
}

const first = (problems) => problems.find(Boolean) ?? "";

const resolve = (ref, root) => root.definitions[decodeURIComponent(ref.split("/").at(-1))];

function is(value, type) {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

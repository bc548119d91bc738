// Options on their way to the frame: functions stay in the page and are called by their path.

export function pack(value, path = []) {
  if (typeof value === "function") return { callback: path.join(".") };
  if (Array.isArray(value)) return value.map((item, i) => pack(item, [...path, i]));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, pack(member, [...path, name])]));
}

/** Called as a method of the object that holds it, so `fetch: window.fetch` fails as it should. */
export function callback(options, path, values) {
  const names = path.split(".");
  const name = names.pop();
  return names.reduce((object, key) => object[key], options)[name](...values);
}

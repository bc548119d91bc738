// h("button", { class: "send", onclick }, "Send") makes an element; empty children are left out.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== "" && child != null && child !== false));
  return element;
}

export const button = (label, onclick, attributes = {}) =>
  h("button", { type: "button", "aria-label": label, title: label, onclick, ...attributes }, attributes.face ?? label);

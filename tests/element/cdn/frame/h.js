// h("button", { class: "send", onclick }, "Send") makes an element; empty children are left out.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  element.handlers = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element[name] = element.handlers[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== "" && child != null && child !== false));
  return element;
}

/** Makes the children of `element` look like those wanted, and leaves alone what does already: what
 *  somebody is about to press or writes in stays. */
export function draw(element, wanted) {
  wanted.forEach((child, i) => {
    const old = element.childNodes[i];
    if (!old) element.append(child);
    else if (old.nodeName !== child.nodeName || old.dataset?.id !== child.dataset?.id) {
      old.replaceWith(child);
    } else if (child.nodeType === Node.TEXT_NODE) {
      if (old.data !== child.data) old.data = child.data;
    } else patch(old, child);
  });
  while (element.childNodes.length > wanted.length) element.lastChild.remove();
}

function patch(old, wanted) {
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const name of Object.keys(old.handlers ?? {})) old[name] = null;
  Object.assign(old, wanted.handlers, { handlers: wanted.handlers });
  if (old.tagName === "TEXTAREA" && old.value !== wanted.value) old.value = wanted.value;
  draw(old, [...wanted.childNodes]);
}

export const PATHS = {
  Attach: "M12 5v14M5 12h14",
  "Bad response": "M17 3v11M17 14l-4 7c-2 0-3-1-2.5-4l.5-3H6c-2 0-2.5-2-2-3l2-6c.4-1 1-2 3-2h8M17 3h3v11h-3",
  Close: "M6 6l12 12M18 6L6 18",
  Delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  Dictate: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
  "Good response": "M7 21V10M7 10l4-7c2 0 3 1 2.5 4l-.5 3h5c2 0 2.5 2 2 3l-2 6c-.4 1-1 2-3 2H7M7 21H4V10h3",
  History: "M12 7v5l3 2M4 12a8 8 0 1 0 2.5-6M4 4v4h4",
  "New chat": "M12 5H6v13h13v-6M17 4l3 3-8 8H9v-3z",
  Rename: "M16 4l4 4L8 20H4v-4z",
  Retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  Send: "M12 19V5M6 11l6-6 6 6",
  Stop: "M8 8h8v8H8z",
};

/** A button with the picture of its name, or with its name. */
export function button(label, onclick, attributes = {}) {
  const face = PATHS[label] ? picture(PATHS[label]) : label;
  return h("button", { type: "button", "aria-label": label, title: label, onclick, ...attributes }, face);
}

export function picture(path) {
  const holder = h("span");
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return holder.firstChild;
}

// Widgets, as plain as they can be: their texts, images and buttons, in order.

import { button, h } from "./h.js";

export const widget = (chat, item) => h("div", { class: "widget" }, node(chat, item, item.widget));

function node(chat, item, { type, value, label, src, alt, children, onClickAction }) {
  if (type === "Button") return button(label, () => press(chat, item, onClickAction));
  if (type === "Image") return h("img", { src, alt: alt ?? "" });
  const inside = [children].flat().filter(Boolean).map((child) => node(chat, item, child));
  return h("div", { "data-widget": type }, value ?? label ?? "", inside);
}

function press(chat, item, action) {
  return action.streaming === false ? chat.actSilently(action, item) : chat.act(action, item);
}

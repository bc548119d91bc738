// Widgets, as plain as they can be: their texts, images and buttons, in order; of a card its answers.

import { button, h } from "./h.js";

export const widget = (chat, item) => h("div", { class: "widget" }, node(chat, item, item.widget));

function node(chat, item, { type, value, label, src, alt, children, onClickAction, ...card }) {
  if (type === "Button") return button(label, () => press(chat, item, onClickAction));
  if (type === "Image") return h("img", { src, alt: alt ?? "" });
  const inside = [children].flat().filter(Boolean).map((child) => node(chat, item, child));
  const answers = [card.confirm, card.cancel].filter(Boolean);
  return h(
    "div",
    { "data-widget": type },
    value ?? label ?? "",
    inside,
    answers.map(({ label, action }) => button(label, () => press(chat, item, action))),
    card.status && h("p", { role: "note" }, card.status.text),
  );
}

function press(chat, item, action) {
  return action.streaming === false ? chat.actSilently(action, item) : chat.act(action, item);
}

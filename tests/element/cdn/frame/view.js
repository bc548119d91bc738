// The whole screen, drawn anew after every change.

import { composer } from "./composer.js";
import { button, h } from "./h.js";
import { history } from "./history.js";
import { message } from "./message.js";

export function view(chat) {
  const { theme } = chat.options;
  document.documentElement.dataset.theme = theme?.colorScheme ?? (typeof theme === "string" ? theme : "light");
  document.documentElement.style.setProperty("--accent", theme?.color?.accent?.primary ?? "");
  if (chat.history) return [history(chat)];
  return [header(chat), main(chat), composer(chat), disclaimer(chat)].filter(Boolean);
}

function header(chat) {
  const { header = {}, history } = chat.options;
  if (header.enabled === false) return null;
  const title = header.title?.text ?? chat.thread.title;
  return h(
    "header",
    {},
    action(chat, header.leftAction),
    history?.enabled !== false && button("History", () => chat.showHistory()),
    h("h1", {}, header.title?.enabled === false ? "" : title || "New chat"),
    button("New chat", () => chat.open(null)),
    action(chat, header.rightAction),
  );
}

function action(chat, action) {
  if (!action) return "";
  return button(action.icon, () => chat.callback(action.onClick));
}

function main(chat) {
  const { thread, trouble, notice, turn } = chat;
  const items = thread.visible.map((item) => message(chat, item));
  const empty = !items.length && !turn && !thread.id;
  return h(
    "main",
    {},
    empty ? start(chat) : h("ol", { "aria-label": "Messages" }, items),
    turn && h("p", { role: "status" }, turn.progress || "…"),
    notice && h("p", { class: "notice", "data-level": notice.level }, notice.text),
    trouble &&
      h(
        "div",
        { role: "alert" },
        h("p", {}, trouble.text),
        trouble.retry && chat.lastMessage && button("Try again", () => chat.retry(chat.lastMessage.id)),
      ),
  );
}

function start(chat) {
  const { greeting = "What can I help with today?", prompts = [] } = chat.options.startScreen ?? {};
  const ask = (prompt) => chat.send(typeof prompt === "string" ? { text: prompt } : { content: prompt });
  return h(
    "section",
    { class: "start" },
    h("h2", {}, greeting),
    prompts.map(({ label, prompt }) => button(label, () => ask(prompt))),
  );
}

function disclaimer(chat) {
  const { disclaimer } = chat.options;
  return disclaimer && h("footer", {}, disclaimer.text);
}

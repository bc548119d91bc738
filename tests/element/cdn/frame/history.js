// The panel of earlier threads.

import { button, h } from "./h.js";

export function history(chat) {
  const { showDelete, showRename } = { showDelete: true, showRename: true, ...chat.options.history };
  const open = (id) => (chat.hideHistory(), chat.open(id));
  return h(
    "section",
    { "aria-label": "History" },
    h("header", {}, h("h1", {}, "History"), button("Close", () => chat.hideHistory())),
    h(
      "ul",
      {},
      chat.history.map((thread) =>
        h(
          "li",
          { "data-id": thread.id },
          h("button", { type: "button", onclick: () => open(thread.id) }, thread.title ?? "New chat"),
          showRename && button("Rename", (e) => edit(chat, thread, e.target)),
          showDelete && button("Delete", () => chat.delete(thread)),
        ),
      ),
    ),
  );
}

function edit(chat, thread, pressed) {
  const field = h("input", { "aria-label": "Title", value: thread.title ?? "" });
  const save = (e) => (e.preventDefault(), chat.rename(thread, field.value));
  pressed.closest("li").replaceChildren(h("form", { onsubmit: save }, field, h("button", {}, "Save")));
  field.focus();
}

// The frame: waits for the page's port, then draws the chat.

import { Channel } from "../channel.js";
import { Chat } from "./chat.js";
import { draw } from "./h.js";
import { view } from "./view.js";

addEventListener("message", ({ data, ports: [port] }) => {
  if (!data.__oaiChatKit) return;
  const channel = new Channel(port, {
    setOptions: (options) => chat.setOptions(options),
    focusComposer: () => document.querySelector("textarea").focus(),
    setThreadId: (id) => chat.open(id),
    sendUserMessage: (message) => chat.send(message),
    setComposerValue: (value) => compose(chat, value),
    sendCustomAction: (action, id) => chat.act(action, chat.thread.items.get(id)),
    fetchUpdates: () => chat.fetchUpdates(),
    showHistory: () => chat.showHistory(),
    hideHistory: () => chat.hideHistory(),
  });
  const chat = new Chat(channel);
  chat.draw = () => {
    draw(document.body, view(chat));
    document.querySelector("main")?.scrollTo(0, 1e6);
  };
});

async function compose(chat, value) {
  const { text, content, reply, attachments, files = [], selectedToolId, selectedModelId } = value;
  const { draft } = chat;
  if (text !== undefined) draft.text = text;
  if (content) {
    draft.text = content.filter(({ type }) => type === "input_text").map(({ text }) => text).join("");
    draft.tags = content.filter(({ type }) => type === "input_tag");
  }
  if (reply !== undefined) draft.quote = reply;
  if (attachments) draft.attachments = [...attachments];
  if (selectedModelId !== undefined) draft.model = selectedModelId;
  if (selectedToolId !== undefined) chat.choose(selectedToolId);
  for (const file of files) await chat.attach(file);
  chat.draw();
}

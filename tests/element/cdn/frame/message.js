// One item of the thread.

import { button, h } from "./h.js";
import { widget } from "./widget.js";

export function message(chat, item) {
  const body = KINDS[item.type](chat, item);
  return h("li", { "data-id": item.id, "data-type": item.type }, body);
}

const KINDS = {
  user_message: (chat, { content, attachments, quoted_text }) => [
    quoted_text && h("blockquote", {}, quoted_text),
    attachments.map(attachment),
    h("p", {}, content.map((part) => (part.type === "input_tag" ? tag(chat, part) : part.text))),
  ],
  assistant_message: (chat, item) => [
    h("p", {}, item.content.map(({ text }) => text).join("")),
    item.content.flatMap(({ annotations }) => annotations ?? []).map((one) => source(chat, one)),
    !chat.turn && actions(chat, item),
  ],
  workflow: (chat, { workflow }) => workflow.tasks.map(task),
  task: (chat, item) => task(item.task),
  widget: (chat, item) => widget(chat, item),
  client_tool_call: (chat, { name, status }) => h("p", { class: "task" }, `${name}: ${status}`),
  generated_image: (chat, { image }) => image && h("img", { src: image.url, alt: "Generated image" }),
  structured_input: (chat, item) => questions(chat, item),
};

function attachment({ type, name, preview_url }) {
  return type === "image" ? h("img", { src: preview_url, alt: name }) : h("p", { class: "file" }, name);
}

function tag(chat, { id, text, group, data, interactive }) {
  const { onClick } = chat.options.entities ?? {};
  if (!onClick || !interactive) return h("mark", {}, text);
  return button(text, () => chat.callback(onClick, { id, title: text, group, data }));
}

function source(chat, { source }) {
  if (source.type === "url") return h("a", { href: source.url, target: "_blank" }, source.title);
  const { onClick } = chat.options.entities ?? {};
  if (source.type !== "entity" || !onClick) return h("cite", {}, source.title);
  return button(source.title, () => chat.callback(onClick, source));
}

function task({ title, content, status_indicator }) {
  return h("p", { class: "task", "data-status": status_indicator }, title ?? content ?? "");
}

function actions(chat, item) {
  const { feedback, retry } = chat.options.threadItemActions ?? {};
  const items = chat.thread.visible;
  const last = items.findLast(({ type }) => type === "assistant_message") === item;
  const asked = items.slice(0, items.indexOf(item)).findLast(({ type }) => type === "user_message");
  return h(
    "div",
    { class: "actions" },
    feedback && [
      button("Good response", (e) => rate(chat, item, "positive", e.target)),
      button("Bad response", (e) => rate(chat, item, "negative", e.target)),
    ],
    retry && last && asked && button("Retry", () => chat.retry(asked.id)),
  );
}

async function rate(chat, item, kind, pressed) {
  const done = await chat.feedback(item.id, kind);
  if (done) pressed.setAttribute("aria-pressed", "true");
}

function questions(chat, item) {
  if (item.status !== "pending") return h("p", {}, `Answers: ${item.status}`);
  const fields = item.inputs.map(({ id, question }) => h("label", {}, question, h("input", { name: id })));
  const answers = (form) =>
    Object.fromEntries(item.inputs.map(({ id }) => [id, { values: [form.elements[id].value], skipped: false }]));
  return h(
    "form",
    { onsubmit: (e) => (e.preventDefault(), chat.answer(item, answers(e.target), "answered")) },
    fields,
    h("button", {}, "Submit"),
    button("Skip", () => chat.answer(item, {}, "skipped")),
  );
}

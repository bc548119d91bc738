// Where messages are written.

import { button, h, PATHS, picture } from "./h.js";
import { menu } from "./menu.js";

export function composer(chat) {
  const { draft, turn, thread } = chat;
  const { composer = {} } = chat.options;
  const tool = composer.tools?.find(({ id }) => id === draft.tool);
  const send = () => !chat.turn && (draft.text || draft.attachments.length) && chat.submit();
  const write = ({ target }) => ((chat.draft.text = target.value), menu(chat, target));
  const field = h("textarea", {
    "aria-label": "Message",
    rows: 1,
    placeholder: tool?.placeholderOverride ?? composer.placeholder ?? "Message the AI",
    disabled: thread.status.type !== "active",
    oninput: write,
    onkeydown: (e) => {
      if (e.key === "Enter" && !e.shiftKey) (e.preventDefault(), send());
    },
  });
  field.value = draft.text;
  return h(
    "form",
    { class: "composer", onsubmit: (e) => (e.preventDefault(), send()) },
    draft.quote && h("blockquote", {}, draft.quote),
    draft.attachments.map((one) => attached(chat, one)),
    draft.tags.map(({ text }) => h("mark", {}, text)),
    field,
    h(
      "div",
      { class: "tools" },
      composer.attachments?.enabled && attach(chat, composer.attachments),
      composer.tools && choice("Tool", composer.tools, draft.tool, (id) => chat.choose(id)),
      composer.models && choice("Model", composer.models, draft.model, (id) => (draft.model = id)),
      h("span", { class: "gap" }),
      composer.dictation?.enabled && button("Dictate", () => dictate(chat)),
      turn
        ? turn.stoppable && button("Stop", () => turn.stop(), { class: "send" })
        : button("Send", null, { class: "send", type: "submit" }),
    ),
    h("div", { id: "menu" }),
  );
}

function attached(chat, one) {
  const shown = one.type === "image" ? h("img", { src: one.preview_url, alt: one.name }) : one.name;
  return h("span", { class: "file" }, shown, button(`Remove ${one.name}`, () => chat.detach(one)));
}

function attach(chat, { accept, maxSize, maxCount = 10 }) {
  const fits = (file) => {
    const most = typeof maxSize === "object" ? (maxSize[file.type] ?? maxSize["*"]) : maxSize;
    return file.size <= (most ?? 100 * 1024 * 1024) && chat.draft.attachments.length < maxCount;
  };
  const input = h("input", {
    type: "file",
    "aria-label": "Attach files",
    multiple: true,
    accept: accept && Object.entries(accept).flat(2).join(","),
    onchange: async ({ target }) => {
      for (const file of [...target.files]) {
        if (fits(file)) await chat.attach(file);
        else (chat.alert(`${file.name} is too large, or one too many.`), chat.draw());
      }
    },
  });
  return h("label", { class: "attach" }, picture(PATHS.Attach), input);
}

function choice(label, options, chosen, choose) {
  const preset = chosen ?? options.find((one) => one.default)?.id;
  const items = options.map(({ id, label, disabled }) =>
    h("option", { value: id, selected: id === preset, disabled: Boolean(disabled) }, label),
  );
  const none = label === "Tool" && h("option", { value: "" }, "No tool");
  return h("select", { "aria-label": label, onchange: (e) => choose(e.target.value || null) }, none, items);
}

/** Half a second of what the microphone hears, or the browser's refusal. */
async function dictate(chat) {
  const stream = await chat.try(() => navigator.mediaDevices.getUserMedia({ audio: true }));
  if (!stream) return;
  const recorder = new MediaRecorder(stream);
  recorder.ondataavailable = async ({ data }) => {
    const bytes = new Uint8Array(await data.arrayBuffer());
    await chat.transcribe(btoa(String.fromCharCode(...bytes)), recorder.mimeType);
  };
  recorder.start();
  setTimeout(() => (recorder.stop(), stream.getTracks().forEach((track) => track.stop())), 500);
}

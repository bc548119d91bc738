// What "@" and "/" offer in the composer.

import { button, h } from "./h.js";

export async function menu(chat, field) {
  const { entities, commands } = chat.options;
  const [, sign, query] = /(?:^|\s)([@/])(\S*)$/.exec(field.value) ?? [];
  if (sign === "@" && entities?.onTagSearch) {
    const found = await chat.callback(entities.onTagSearch, query);
    show(found.map((entity) => [entity.title, () => insert(chat, entity)]));
  } else if (sign === "/" && commands?.enabled && commands.onSearch) {
    offer(chat, await chat.callback(commands.onSearch, query));
  } else {
    show([]);
  }
}

function offer(chat, commands) {
  const { onSelect } = chat.options.commands;
  const run = async (command) => {
    const next = onSelect && (await chat.callback(onSelect, command));
    if (next?.type === "entity") insert(chat, next.entity);
    else if (next?.type === "menu") offer(chat, next.commands);
    else cut(chat);
  };
  show(commands.map((command) => [command.label, () => run(command)]));
}

function insert(chat, { id, title, group, data = {}, interactive }) {
  chat.draft.tags.push({ type: "input_tag", id, text: title, group, data, interactive });
  cut(chat);
}

function cut(chat) {
  chat.draft.text = chat.draft.text.replace(/[@/]\S*$/, "");
  chat.draw();
}

const show = (rows) =>
  document.getElementById("menu").replaceChildren(
    rows.length ? h("ul", {}, rows.map(([label, pick]) => h("li", {}, button(label, pick)))) : "",
  );

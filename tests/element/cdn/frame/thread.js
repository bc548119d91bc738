// A thread as its wire events make it: items in a map by id, so an id used twice replaces.

const SILENT = new Set(["end_of_turn", "hidden_context_item", "sdk_hidden_context"]);
const ITEMS = new Set([
  "assistant_message", "client_tool_call", "generated_image", "structured_input", "task",
  "user_message", "widget", "workflow", ...SILENT,
]); // prettier-ignore

export class Thread {
  id = null;
  title = "";
  status = { type: "active" };
  items = new Map();

  load({ id, title, status, items }) {
    Object.assign(this, { id, title: title ?? "", status });
    for (const item of items?.data ?? []) this.put(item);
  }

  get visible() {
    return [...this.items.values()].filter((item) => !SILENT.has(item.type));
  }

  get pendingTool() {
    return this.visible.findLast((i) => i.type === "client_tool_call" && i.status === "pending");
  }

  put(item) {
    if (!ITEMS.has(item.type)) throw new TypeError(`No such item: ${item.type}`);
    this.items.set(item.id, item);
  }

  /** What comes after the message is not told by the server when a turn is tried again. */
  cutAfter(id) {
    const ids = [...this.items.keys()];
    for (const later of ids.slice(ids.indexOf(id) + 1)) this.items.delete(later);
  }

  update(id, update) {
    const item = this.items.get(id);
    if (!item) throw new TypeError(`An update for an item that was never added: ${id}`);
    const change = UPDATES[update.type];
    if (!change) throw new TypeError(`No such update: ${update.type}`);
    change(item, update);
  }
}

const part = (item, index) => {
  const content = item.content[index];
  if (!content) throw new TypeError(`An update for a content part that was never added: ${index}`);
  return content;
};

const UPDATES = {
  "assistant_message.content_part.added": (item, { content_index, content }) => {
    item.content[content_index] = content;
  },
  "assistant_message.content_part.text_delta": (item, { content_index, delta }) => {
    part(item, content_index).text += delta;
  },
  "assistant_message.content_part.annotation_added": (item, update) => {
    part(item, update.content_index).annotations[update.annotation_index] = update.annotation;
  },
  "assistant_message.content_part.done": (item, { content_index, content }) => {
    part(item, content_index);
    item.content[content_index] = content;
  },
  "workflow.task.added": (item, { task_index, task }) => {
    item.workflow.tasks.splice(task_index, 0, task);
  },
  "workflow.task.updated": (item, { task_index, task }) => {
    if (!item.workflow.tasks[task_index]) throw new TypeError(`No such task: ${task_index}`);
    item.workflow.tasks[task_index] = task;
  },
  "widget.root.updated": (item, { widget }) => {
    item.widget = widget;
  },
  "widget.component.updated": (item, { component_id, component }) => {
    Object.assign(componentOf(item.widget, component_id), component);
  },
  "widget.streaming_text.value_delta": (item, { component_id, delta }) => {
    componentOf(item.widget, component_id).value += delta;
  },
  "generated_image.updated": (item, { image }) => {
    item.image = image;
  },
};

function componentOf(widget, id) {
  const found = [widget].flatMap(function all(node) {
    return [node, ...(Array.isArray(node?.children) ? node.children.flatMap(all) : [])];
  });
  const component = found.find((node) => node?.id === id);
  if (!component) throw new TypeError(`An update for a component that is not there: ${id}`);
  return component;
}

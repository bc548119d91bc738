// The conversation on the screen: its options, thread and draft, and what people can do with them.

import { Backend, upload, uploadDirectly } from "./backend.js";
import { Thread } from "./thread.js";
import { Turn } from "./turn.js";

export class Chat {
  options;
  thread = new Thread();
  turn = null;
  trouble = null; // {text, retry}
  notice = null; // {level, text}
  history = null; // the list of threads, while it is open
  draft = { text: "", tags: [], attachments: [], tool: null, model: null, quote: null };
  draw = () => {};

  constructor(host) {
    this.host = host;
    this.backend = new Backend(host);
  }

  dispatch = (type, detail) => this.host.call("dispatch", type, detail);
  callback = ({ callback }, ...values) => this.host.call("callback", callback, values);
  fail = ({ name, message }) => this.host.call("fail", { name, message });
  note = (message) => this.fail({ name: "ProtocolError", message });

  /** The first options decide which thread is shown; later ones leave it and the draft alone. */
  async setOptions(options) {
    const first = !this.options;
    this.options = options;
    this.draw();
    if (first && options.initialThread) void this.open(options.initialThread);
  }

  async open(id) {
    this.turn?.stop();
    this.thread = new Thread();
    this.trouble = this.notice = null;
    if (id) {
      this.dispatch("thread.load.start", { threadId: id });
      const thread = await this.try(() => this.backend.call("threads.get_by_id", { thread_id: id }));
      if (!thread) return;
      this.thread.load(thread);
      this.dispatch("thread.load.end", { threadId: id });
    }
    this.dispatch("thread.change", { threadId: id });
    this.draw();
  }

  async send({ text, content, reply, attachments = [], newThread, toolChoice, model }) {
    if (this.turn) throw new Error("A response is in progress");
    if (newThread) await this.open(null);
    const input = {
      content: content ?? [{ type: "input_text", text }],
      attachments: attachments.map(({ id }) => id),
      quoted_text: reply,
      inference_options: { tool_choice: toolChoice, model },
    };
    const { id } = this.thread;
    await (id
      ? this.respond("threads.add_user_message", { thread_id: id, input })
      : this.respond("threads.create", { input }));
  }

  submit() {
    const { text, tags, attachments, tool, model, quote } = this.draft;
    const kept = this.options.composer?.tools?.find(({ id }) => id === tool)?.persistent;
    this.draft = { ...this.draft, text: "", tags: [], attachments: [], quote: null };
    if (!kept && tool) this.choose(null);
    const words = [{ type: "input_text", text }].filter(({ text }) => text);
    const choice = tool ? { id: tool } : undefined;
    const content = [...words, ...tags];
    void this.send({ content, attachments, reply: quote ?? undefined, toolChoice: choice, model: model ?? undefined });
  }

  choose(tool) {
    this.draft.tool = tool;
    this.dispatch("tool.change", { toolId: tool });
    this.draw();
  }

  retry(id) {
    this.thread.cutAfter(id);
    return this.respond("threads.retry_after_item", { thread_id: this.thread.id, item_id: id });
  }

  async respond(type, params) {
    const turn = new Turn(this);
    this.turn = turn;
    this.trouble = this.notice = null;
    this.draw();
    await this.try(() => turn.run(type, params), true);
    if (this.turn === turn) this.turn = null;
    this.draw();
  }

  feedback(id, kind) {
    const params = { thread_id: this.thread.id, item_ids: [id], kind };
    return this.try(() => this.backend.call("items.feedback", params));
  }

  async act(action, item) {
    if (action.handler === "client") {
      const { onAction } = this.options.widgets ?? {};
      if (onAction) await this.callback(onAction, action, { id: item?.id, widget: item?.widget });
      return;
    }
    if (!this.thread.id) throw new Error("There is no active thread");
    const { type, payload } = action;
    const params = { thread_id: this.thread.id, item_id: item?.id, action: { type, payload } };
    await this.respond("threads.custom_action", params);
  }

  /** Actions of widgets that ask for no stream: one item comes back. */
  async actSilently(action, item) {
    const { type, payload } = action;
    const params = { thread_id: this.thread.id, item_id: item.id, action: { type, payload } };
    const done = await this.try(() => this.backend.call("threads.sync_custom_action", params));
    if (done?.updated_item) this.thread.put(done.updated_item);
    this.draw();
  }

  answer(item, answers, status) {
    const params = { thread_id: this.thread.id, item_id: item.id, input: { status, answers } };
    return this.respond("threads.add_structured_input", params);
  }

  async attach(file) {
    const { api } = this.options;
    const attachment = await this.try(async () => {
      if (!api.uploadStrategy) throw new Error("Attachments need api.uploadStrategy");
      if (api.uploadStrategy.type === "direct") {
        return uploadDirectly(file, api.uploadStrategy.uploadUrl);
      }
      const { name, size, type: mime_type } = file;
      const created = await this.backend.call("attachments.create", { name, size, mime_type });
      await upload(file, created.upload_descriptor);
      return created;
    });
    if (attachment) this.draft.attachments.push(attachment);
    this.draw();
  }

  async detach(attachment) {
    this.draft.attachments = this.draft.attachments.filter((one) => one !== attachment);
    this.draw();
    await this.try(() => this.backend.call("attachments.delete", { attachment_id: attachment.id }));
  }

  async transcribe(audio_base64, mime_type) {
    const said = await this.try(() => this.backend.call("input.transcribe", { audio_base64, mime_type }));
    if (said) this.draft.text = [this.draft.text, said.text].filter(Boolean).join(" ");
    this.draw();
  }

  async showHistory() {
    const page = await this.try(() => this.backend.call("threads.list", { limit: 20, order: "desc" }));
    this.history = page?.data ?? null;
    if (page) this.dispatch("history.open");
    this.draw();
  }

  hideHistory() {
    if (this.history) this.dispatch("history.close");
    this.history = null;
    this.draw();
  }

  async rename(thread, title) {
    const params = { thread_id: thread.id, title };
    const renamed = await this.try(() => this.backend.call("threads.update", params));
    if (!renamed) return;
    thread.title = title;
    if (this.thread.id === thread.id) this.thread.title = title;
    this.draw();
  }

  async delete(thread) {
    const done = await this.try(() => this.backend.call("threads.delete", { thread_id: thread.id }));
    if (!done) return;
    this.history = this.history.filter((one) => one !== thread);
    if (this.thread.id === thread.id) await this.open(null);
    this.draw();
  }

  async fetchUpdates() {
    const { id } = this.thread;
    if (!id) return;
    const page = await this.try(() =>
      this.backend.call("items.list", { thread_id: id, order: "asc", limit: 100 }),
    );
    if (!page) return;
    this.thread.items.clear();
    for (const item of page.data) this.thread.put(item);
    this.draw();
  }

  alert(text, retry) {
    this.trouble = { text, retry };
  }

  /** What fails is shown here and told to the page. */
  async try(work, retry = false) {
    try {
      return await work();
    } catch (error) {
      this.alert("Something went wrong.", retry && Boolean(this.lastMessage));
      this.fail(error);
      this.draw();
      return undefined;
    }
  }

  get lastMessage() {
    return this.thread.visible.findLast((item) => item.type === "user_message");
  }
}

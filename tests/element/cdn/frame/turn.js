// One streamed answer: what each wire event does to the conversation.

export class Turn {
  #aborter = new AbortController();
  progress = "";
  stoppable = true;

  constructor(chat) {
    this.chat = chat;
  }

  stop() {
    this.#aborter.abort();
  }

  /** Runs to the end of the stream, then answers the tools that were called in the browser. */
  async run(type, params) {
    const { chat } = this;
    chat.dispatch("response.start");
    for await (const event of chat.backend.stream(type, params, this.#aborter.signal)) {
      const apply = EVENTS[event.type];
      if (!apply) throw new TypeError(`No such event: ${event.type}`);
      apply.call(this, event);
      chat.draw();
    }
    chat.dispatch("response.end");
    const call = chat.thread.pendingTool;
    if (!call || this.#aborter.signal.aborted) return;
    const handler = chat.options.onClientTool;
    if (!handler) throw new Error(`No onClientTool for ${call.name}`);
    const result = await chat.callback(handler, { name: call.name, params: call.arguments });
    call.status = "completed";
    await this.run("threads.add_client_tool_output", { thread_id: chat.thread.id, result });
  }
}

const EVENTS = {
  "thread.created"({ thread }) {
    this.chat.thread.load(thread);
    this.chat.dispatch("thread.change", { threadId: thread.id });
  },
  "thread.updated"({ thread: { title, status } }) {
    Object.assign(this.chat.thread, { title: title ?? "", status });
  },
  "thread.item.added"({ item }) {
    if (this.chat.thread.items.has(item.id)) this.chat.note(`The id ${item.id} is used again`);
    this.chat.thread.put(item);
  },
  "thread.item.updated"({ item_id, update }) {
    this.chat.thread.update(item_id, update);
  },
  "thread.item.done"({ item }) {
    this.progress = "";
    this.chat.thread.put(item);
  },
  "thread.item.replaced"({ item }) {
    this.chat.thread.put(item);
  },
  "thread.item.removed"({ item_id }) {
    this.chat.thread.items.delete(item_id);
  },
  stream_options({ stream_options }) {
    this.stoppable = stream_options.allow_cancel;
  },
  progress_update({ text }) {
    this.progress = text;
  },
  client_effect({ name, data }) {
    this.chat.dispatch("effect", { name, data });
  },
  error({ message, allow_retry }) {
    this.chat.alert(message ?? "Something went wrong.", allow_retry);
    this.chat.fail(new Error(message ?? "Something went wrong."));
  },
  notice({ level, title, message }) {
    this.chat.notice = { level, text: [title, message].filter(Boolean).join(": ") };
  },
};

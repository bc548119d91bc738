// The element <openai-chatkit>: checks its options, holds the frame and passes things through.

import { Channel } from "../channel.js";
import schema from "../options.schema.json" with { type: "json" };
import { verify } from "./domain.js";
import { callback, pack } from "./options.js";
import { Requests } from "./requests.js";
import { problem } from "./schema.js";
import { trace } from "./trace.js";

const FRAME = new URL("../frame.html", import.meta.url);
const METHODS = [
  "fetchUpdates", "focusComposer", "hideHistory", "sendCustomAction", "sendUserMessage",
  "setComposerValue", "setThreadId", "showHistory",
]; // prettier-ignore

// It has no size of its own: whatever the page does not lay out stays as small as this.
const STYLE = `:host { display: inline-block } iframe { display: block; width: 100%; height: 100%; border: 0 }`;

class InvalidFrameParamsError extends Error {
  name = "InvalidFrameParamsError";
}

class ChatKitElement extends HTMLElement {
  #options;
  #channel;
  #opened;
  #open;

  constructor() {
    super();
    trace.instances += 1;
    this.attachShadow({ mode: "open" }).append(style());
    this.#opened = new Promise((resolve) => (this.#open = resolve));
  }

  connectedCallback() {
    if (this.#options) this.#mount();
  }

  /** A frame that leaves the document is gone with all it held; moving the element is no exception. */
  disconnectedCallback() {
    this.#unmount();
  }

  /** Replaces every option; nothing of earlier ones is kept. */
  setOptions(options) {
    const wrong = problem(options, schema);
    if (wrong) {
      const error = new InvalidFrameParamsError(`Invalid frame params: ChatKit.create():\n✖ ${wrong}`);
      setTimeout(() => this.#fail(error)); // as after a round trip to the frame
      return;
    }
    trace.options.push(JSON.parse(JSON.stringify(options, (_, v) => (v instanceof Function ? "function" : v))));
    this.#options = options;
    if (this.#channel) this.#channel.call("setOptions", pack(options));
    else if (this.isConnected) this.#mount();
  }

  #mount() {
    if (this.shadowRoot.querySelector("iframe")) return;
    const frame = document.createElement("iframe");
    frame.name = "chatkit";
    frame.title = this.#options.frameTitle ?? "Chat";
    frame.allow = "clipboard-read; clipboard-write; microphone";
    frame.src = FRAME.href;
    frame.addEventListener("load", () => this.#connect(frame), { once: true });
    this.shadowRoot.append(frame);
    verify(this.#options.api.domainKey).catch((error) => {
      this.#unmount();
      trace.errors.push(String(error));
      throw error; // and no chatkit.error: the page is not told
    });
  }

  #unmount() {
    this.shadowRoot.querySelector("iframe")?.remove();
    this.#channel = undefined;
  }

  async #connect(frame) {
    const { port1, port2 } = new MessageChannel();
    const requests = new Requests();
    this.#channel = new Channel(port1, {
      callback: (path, values) => callback(this.#options, path, values),
      request: (id, request) => requests.send(this.#options.api, id, request),
      abort: (id) => requests.abort(id),
      dispatch: (type, detail) => this.#dispatch(type, detail),
      fail: ({ name, message }) => this.#fail(Object.assign(new Error(message), { name })),
      received: (event) => void trace.events.push(event),
    });
    frame.contentWindow.postMessage({ __oaiChatKit: true }, FRAME.origin, [port2]);
    await this.#channel.call("setOptions", pack(this.#options));
    this.#dispatch("ready");
    this.#open(this.#channel);
  }

  #dispatch(type, detail) {
    const known = detail?.error ? { error: String(detail.error) } : detail;
    trace.dispatched.push({ type: `chatkit.${type}`, detail: known });
    this.dispatchEvent(new CustomEvent(`chatkit.${type}`, { detail }));
  }

  #fail(error) {
    trace.errors.push(String(error));
    console.error(error);
    this.#dispatch("error", { error });
  }

  static {
    for (const name of METHODS) {
      this.prototype[name] = async function (...values) {
        await this.#opened;
        return this.#channel.call(name, ...values);
      };
    }
  }
}

function style() {
  const style = document.createElement("style");
  style.textContent = STYLE;
  return style;
}

customElements.define("openai-chatkit", ChatKitElement);

// ChatKit's operations, sent through the page.

import { read } from "./sse.js";

export class Backend {
  #host;
  #last = 0;

  constructor(host) {
    this.#host = host;
  }

  async call(type, params = {}) {
    const response = await this.#send(type, params, ++this.#last);
    const text = await new Response(response.body).text();
    return JSON.parse(text);
  }

  async *stream(type, params, signal) {
    const id = ++this.#last;
    signal.addEventListener("abort", () => this.#host.call("abort", id));
    try {
      for await (const event of read(await this.#send(type, params, id))) {
        this.#host.call("received", event);
        yield event;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #send(type, params, id) {
    const response = await this.#host.call("request", id, { type, params });
    if (response.status >= 200 && response.status < 300) return response;
    const text = await new Response(response.body).text();
    const error = new Error(`${type} failed with ${response.status}: ${text.slice(0, 200)}`);
    throw Object.assign(error, { name: "HttpError" });
  }
}

/** Nothing says that uploads go through the page: here the frame makes them, from its own origin,
 *  without cookies, with what the descriptor says and no more. */
export async function upload(file, { url, method, headers }) {
  const response = await fetch(url, { method, headers, body: file, credentials: "omit" });
  if (!response.ok) throw new Error(`The upload failed with ${response.status}`);
}

export async function uploadDirectly(file, url) {
  const body = new FormData();
  body.append("file", file);
  const response = await fetch(url, { method: "POST", body, credentials: "omit" });
  if (!response.ok) throw new Error(`The upload failed with ${response.status}`);
  return response.json();
}

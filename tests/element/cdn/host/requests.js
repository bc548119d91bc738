// Requests to the app's backend are made in the page: `api.fetch` is a function of the page. Two
// things about them are not known of the real element, and the stand-in takes the worse of both:
// without `api.fetch` no cookies go along, and headers are now a Headers object, now a plain one.

import { trace } from "./trace.js";

export class Requests {
  #open = new Map();
  #count = 0;

  /** The body is a stream that the channel transfers to the frame. */
  async send(api, id, { type, params }) {
    const plain = {
      "Content-Type": "application/json",
      Accept: "text/event-stream, application/json",
      "Accept-Language": navigator.language,
    };
    const aborter = new AbortController();
    this.#open.set(id, aborter);
    const init = {
      method: "POST",
      headers: this.#count++ % 2 ? plain : new Headers(plain),
      body: JSON.stringify({ type, params }),
      signal: aborter.signal,
    };
    trace.requests.push({ type, params });
    const response = api.fetch
      ? await api.fetch(api.url, init)
      : await fetch(api.url, { ...init, credentials: "omit" });
    const { status, headers, body } = response;
    return { status, type: headers.get("content-type") ?? "", body: body ?? new Blob().stream() };
  }

  abort(id) {
    this.#open.get(id)?.abort();
  }
}

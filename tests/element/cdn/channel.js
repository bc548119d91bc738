// Calls and events between the page and the frame, over one MessagePort.

export class Channel {
  #port;
  #answers;
  #waiting = new Map();
  #last = 0;

  /** `answers` holds what the other side may call, by name. */
  constructor(port, answers) {
    this.#port = port;
    this.#answers = answers;
    port.onmessage = ({ data }) => (data.reply ? this.#settle(data) : this.#answer(data));
  }

  call(name, ...values) {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, name, values });
    });
  }

  async #answer({ id, name, values }) {
    try {
      const value = await this.#answers[name](...values);
      this.#port.postMessage({ reply: id, value }, value?.body ? [value.body] : []);
    } catch (error) {
      this.#port.postMessage({ reply: id, error: { name: error.name, message: error.message } });
    }
  }

  #settle({ reply, value, error }) {
    const { resolve, reject } = this.#waiting.get(reply);
    this.#waiting.delete(reply);
    if (error) reject(Object.assign(new Error(error.message), { name: error.name }));
    else resolve(value);
  }
}

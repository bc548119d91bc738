// Sets the official ChatKit element up. Start editing here: the options are at the end.

import { Problem } from "./problem.js";
import { scheme } from "./theme.js";

const SCRIPT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";
const PATIENCE = 15_000; // milliseconds
const THREAD = "chat-thread"; // what a reload shows again, in this tab

let status = 0; // of the last answer

/** Resolves once people can write. Of later problems `report` hears, and of `null` when they are over;
 *  of one that is the end of the chat hears `fail`. */
export async function openChat(chat, report, fail) {
  const [offer] = await Promise.all([session(), loadComponent()]);
  customElements.upgrade(chat);
  const apply = () => chat.setOptions(options(offer, report));
  addEventListener("themechange", apply); // replaces options, and leaves the conversation alone
  chat.addEventListener("chatkit.error", ({ detail }) => console.error(detail.error));
  keepThread(chat);
  const vanished = vanishing(chat);
  await Promise.race([ready(chat, apply), vanished]);
  vanished.catch(fail);
}

/** Who is asking, and what the server offers. */
export async function session() {
  const response = await fetch("/session").catch(() => null);
  if (!response) throw Problem.noServer();
  if (response.status === 401) throw Problem.notSignedIn();
  if (!response.ok) throw Problem.badAnswer(response.status);
  return response.json().catch(() => {
    throw Problem.badAnswer("something that is not JSON");
  });
}

function loadComponent() {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(Problem.noScript(new URL(SCRIPT).host));
    customElements.whenDefined("openai-chatkit").then(resolve);
    setTimeout(refuse, PATIENCE);
    if (document.querySelector(`script[src="${SCRIPT}"]`)) return;
    const script = Object.assign(document.createElement("script"), { src: SCRIPT, async: true });
    script.addEventListener("error", refuse);
    document.head.append(script);
  });
}

function ready(chat, apply) {
  return new Promise((resolve, reject) => {
    chat.addEventListener("chatkit.ready", resolve, { once: true });
    chat.addEventListener("chatkit.error", ({ detail: { error } }) => {
      if (error.name === "InvalidFrameParamsError") reject(Problem.refused(error));
    });
    setTimeout(() => reject(Problem.notOpened(location.hostname)), PATIENCE);
    apply();
  });
}

/** Where OpenAI does not know the domain, the component takes itself away and tells nobody. */
function vanishing(chat) {
  return new Promise((_, reject) => {
    const observer = new MutationObserver((changes) => {
      const removed = changes.flatMap(({ removedNodes }) => [...removedNodes]);
      const gone = removed.some((node) => node === chat || node.localName === "iframe");
      if (gone) reject(Problem.notOpened(location.hostname));
    });
    observer.observe(chat.parentNode, { childList: true });
    if (chat.shadowRoot) observer.observe(chat.shadowRoot, { childList: true, subtree: true });
  });
}

function keepThread(chat) {
  let loading = false;
  const listen = (name, listener) => chat.addEventListener(`chatkit.${name}`, listener);
  listen("thread.load.start", () => (loading = true));
  listen("thread.load.end", () => (loading = false));
  listen("thread.change", ({ detail: { threadId } }) => {
    if (threadId) sessionStorage.setItem(THREAD, threadId);
    else sessionStorage.removeItem(THREAD);
  });
  listen("error", () => {
    // Deleted elsewhere, or somebody else's: begin anew instead of failing at every reload.
    if (loading && status === 404) chat.setThreadId(null);
    loading = false;
  });
}

function options({ domainKey, attachments }, report) {
  return {
    api: {
      url: new URL("/chatkit", location.href).href,
      domainKey,
      // Made here, so that the cookie that says who is asking goes along.
      fetch: async (input, init) => {
        const response = await fetch(input, { ...init, credentials: "same-origin" }).catch((error) => {
          if (error.name !== "AbortError") report(Problem.noServer());
          throw error;
        });
        status = response.status;
        report(status === 401 ? Problem.notSignedIn() : null);
        return response;
      },
      ...(attachments && { uploadStrategy: { type: "two_phase" } }),
    },
    theme: scheme(),
    initialThread: sessionStorage.getItem(THREAD),
    frameTitle: "Conversation",
    history: { enabled: true, showDelete: true, showRename: true },
    threadItemActions: { feedback: true, retry: true },
    composer: { placeholder: "Write a message", ...(attachments && { attachments }) },
    startScreen: {
      greeting: "What can I help with?",
      prompts: [
        { label: "What can you do?", prompt: "What can you do?", icon: "sparkle" },
        { label: "What time is it?", prompt: "What time is it?", icon: "clock" },
      ],
    },
  };
}

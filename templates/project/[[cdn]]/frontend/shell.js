// The frame around the chat: a bar with what the component does not have, and what is wrong.

import { openChat, session } from "./chat.js";
import { explain } from "./problem.js";
import { setTheme, theme, THEMES } from "./theme.js";

const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;

const markup = (heading) => `
  <header>
    <${heading}></${heading}>
    <span role="status"></span>
    <button class="voice" aria-label="Speak" aria-pressed="false" hidden>${icon(
      "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3",
    )}</button>
    <button class="theme">
      ${icon("M3 5h18v11H3zM9 20h6M12 16v4")}
      ${icon("M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1 1M18 18l1 1M19 5l-1 1M6 18l-1 1")}
      ${icon("M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z")}
    </button>
    <button class="full" aria-label="Full screen" aria-pressed="false" hidden>${icon(
      "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    )}</button>
    <button class="close" aria-label="Close chat" hidden>${icon("M6 6l12 12M18 6L6 18")}</button>
  </header>
  <section class="problem" role="alert" hidden>
    <h2></h2>
    <p></p>
    <p></p>
    <button>Try again</button>
  </section>
  <div class="stage">
    <p class="waiting">Opening the chat…</p>
    <openai-chatkit></openai-chatkit>
  </div>`;

/** Fills `root` and opens the chat in it. Resolves to the element once people can write. */
export async function show(root, title) {
  root.classList.add("chat");
  root.innerHTML = markup(root.matches("main") ? "h1" : "h2");
  const find = (selector) => root.querySelector(selector);
  const [chat, stage, panel] = ["openai-chatkit", ".stage", ".problem"].map(find);
  find("header > :first-child").textContent = title;
  offerThemes(find(".theme"));
  offerFullScreen(root, find(".full"));
  const report = (problem) => explain(panel, problem);
  panel.querySelector("button").onclick = () =>
    session().then(() => (stage.hidden ? location.reload() : report(null)), report);
  const fail = (problem) => {
    stage.hidden = true;
    report(problem);
  };
  try {
    await openChat(chat, report, fail);
  } catch (problem) {
    fail(problem);
    throw problem;
  }
  stage.querySelector(".waiting").remove();
  offerVoice(find(".voice"), chat, find("[role=status]"));
  return chat;
}

function offerThemes(button) {
  const name = () => {
    button.dataset.theme = theme();
    button.setAttribute("aria-label", `Theme: ${theme()}`);
  };
  button.onclick = () => setTheme(THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length]);
  addEventListener("themechange", name); // also when the system's changes, or a tool asks for it
  name();
}

/** Ctrl+Shift+F enters and leaves, Escape only leaves. Keys pressed while people write belong to the
 *  component's frame and never come here; the browser itself sees to Escape there. */
function offerFullScreen(root, button) {
  if (!document.fullscreenEnabled) return;
  const toggle = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  document.addEventListener("fullscreenchange", () => {
    button.setAttribute("aria-pressed", document.fullscreenElement === root);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.shiftKey && event.code === "KeyF" && !root.hidden) {
      event.preventDefault();
      toggle();
    } else if (event.key === "Escape" && document.fullscreenElement) {
      document.exitFullscreen();
    }
  });
  button.onclick = toggle;
  button.hidden = false;
}

/** Speech to text, where the browser has it. What was understood goes into the composer, unsent. */
function offerVoice(button, chat, note) {
  const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  if (!Recognition) return;
  const recognition = new Recognition();
  recognition.lang = navigator.language;
  const listening = (yes) => button.setAttribute("aria-pressed", yes);

  recognition.onstart = () => (note.textContent = "Listening…");
  recognition.onresult = async ({ results }) => {
    const text = [...results].map(([best]) => best.transcript).join(" ");
    await chat.setComposerValue({ text });
    await chat.focusComposer();
  };
  recognition.onerror = ({ error }) => {
    note.textContent =
      error === "not-allowed" ? "The microphone is blocked for this page." : `Not understood (${error}).`;
    setTimeout(() => (note.textContent = ""), 5000);
  };
  recognition.onend = () => {
    listening(false);
    if (note.textContent === "Listening…") note.textContent = "";
  };

  button.onclick = () => {
    if (button.getAttribute("aria-pressed") === "true") return recognition.stop();
    listening(true);
    recognition.start();
  };
  button.hidden = false;
}

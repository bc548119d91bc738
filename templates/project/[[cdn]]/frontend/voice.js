// Speech to text, where the browser has it. What was understood goes into the composer, unsent.

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

export function offerVoice(button, chat, note) {
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

// Sets the official ChatKit element up, or says why it cannot be.

const SCRIPT_WAIT = 8000; // milliseconds

const chat = document.getElementById("chat");
const script = document.getElementById("chatkit-script");
const problem = document.getElementById("problem");

class Problem extends Error {
  constructor(title, cause, remedy) {
    super(title);
    Object.assign(this, { title, cause, remedy });
  }
}

async function start() {
  const [{ domainKey, attachments }] = await Promise.all([session(), component()]);
  customElements.upgrade(chat);
  chat.addEventListener("chatkit.error", (event) => console.error(event.detail.error));
  chat.setOptions({
    api: {
      url: new URL("/chatkit", location.href).href,
      domainKey,
      ...(attachments && { uploadStrategy: { type: "two_phase" } }),
    },
    ...(attachments && { composer: { attachments } }),
    theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
    threadItemActions: { feedback: true, retry: true },
    startScreen: {
      greeting: `Welcome to ${document.title}`,
      prompts: [
        { label: "What can you do?", prompt: "What can you do?", icon: "sparkle" },
        { label: "What time is it?", prompt: "What time is it?", icon: "clock" },
      ],
    },
  });
}

async function session() {
  const response = await fetch("/session").catch(() => null);
  if (response?.ok) return response.json();
  throw new Problem(
    "The server does not answer",
    response
      ? `GET /session answered ${response.status}.`
      : "GET /session found no server. It may have stopped.",
    "Start the backend again and look at what it prints.",
  );
}

async function component() {
  const failed = new Promise((_, reject) => {
    const fail = (cause) =>
      reject(
        new Problem(
          "The chat component could not be loaded",
          `${cause} The chat is drawn by a script from ${new URL(script.src).host}.`,
          "Check the network, and whether a blocker, a proxy or a content security policy stops it.",
        ),
      );
    script.addEventListener("error", () => fail("Its script could not be fetched."));
    setTimeout(() => fail(`Its script was not there after ${SCRIPT_WAIT / 1000} seconds.`), SCRIPT_WAIT);
  });
  await Promise.race([customElements.whenDefined("openai-chatkit"), failed]);
}

function explain(error) {
  console.error(error);
  chat.hidden = true;
  problem.hidden = false;
  problem.querySelector("h1").textContent = error.title ?? "The chat could not start";
  problem.querySelector("#cause").textContent = error.cause ?? String(error);
  problem.querySelector("#remedy").textContent = error.remedy ?? "";
}

problem.querySelector("button").addEventListener("click", () => location.reload());
start().catch(explain);

// What can go wrong, in words that say what to do about it.

export class Problem extends Error {
  constructor(title, cause, remedy) {
    super(title);
    Object.assign(this, { title, cause, remedy });
  }

  static noServer = () =>
    new Problem(
      "The server does not answer",
      "It may have stopped, or the network is down.",
      "Start the backend again and look at what it prints.",
    );

  static badAnswer = (what) =>
    new Problem(
      "The server has a problem",
      `GET /session answered ${what}.`,
      "The log of the backend has the cause.",
    );

  static notSignedIn = () =>
    new Problem(
      "You are not signed in",
      "The server does not know who is asking (401).",
      "Sign in again, then come back to this page.",
    );

  static noScript = (host) =>
    new Problem(
      "The chat could not be loaded",
      `Its script from ${host} did not arrive.`,
      "Check the network, and whether a blocker, a proxy or a content security policy stops it.",
    );

  static notOpened = (host) =>
    new Problem(
      "The chat did not open",
      host === "localhost"
        ? "Its script arrived, but not the rest of it."
        : `OpenAI has to know ${host} before it shows the chat there.`,
      host === "localhost"
        ? "Check whether a blocker or a proxy stops cdn.platform.openai.com."
        : "Register this domain with OpenAI and set CHATKIT_DOMAIN_KEY to its key. It can take half an hour.",
    );

  static refused = (error) =>
    new Problem("The chat refused its options", error.message, "Correct them in frontend/chat.js.");
}

/** Shows a problem, or that there is none any more. */
export function explain(panel, problem) {
  panel.hidden = !problem;
  if (!problem) return;
  console.error(problem);
  panel.querySelector("h2").textContent = problem.title ?? "The chat could not start";
  const [cause, remedy] = panel.querySelectorAll("p");
  cause.textContent = problem.cause ?? String(problem);
  remedy.textContent = problem.remedy ?? "";
}

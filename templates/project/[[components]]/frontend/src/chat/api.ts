// How the page talks to the backend, and what people are told when something fails.

import type { ComposerOption } from "@openai/chatkit-react";
import { API_URL } from "../config";
import { send } from "./send";

export type Problem = { title: string; cause: string; remedy: string };
export type Offer = {
  attachments?: ComposerOption["attachments"];
  dictation?: boolean;
  composer?: Pick<ComposerOption, "models" | "tools">;
};

export const endpoint = (path: string) => new URL(path, API_URL || location.origin).href;

/** Who is asking, and what the backend offers. Asked for first, so that all requests are one user's. */
export async function openSession(): Promise<Offer | Problem> {
  const response = await send(endpoint("/session")).catch(() => null);
  if (!response) return noServer();
  if (!response.ok) return problemOf(response) ?? badAnswer(response.status);
  return response.json().catch(() => badAnswer("something that is not JSON"));
}

let lastStatus = 0; // of the last answer to the component

/** The last answer was that there is no such thing. A failure to ask would not say so. */
export const isGone = () => lastStatus === 404;

/** For ChatKit's `api.fetch`: says who is asking, and reports what went wrong, or that nothing did. */
export function fetchReporting(report: (problem: Problem | null) => void): typeof fetch {
  return async (input, init) => {
    const asked = input instanceof Request ? input : new URL(input, location.href);
    const url = new URL(asked instanceof Request ? asked.url : asked);
    // Not ours, such as a signed upload address: nobody there may learn who is asking.
    if (url.origin !== new URL(endpoint("/")).origin) return fetch(input, init);
    try {
      const response = await send(asked, init);
      lastStatus = response.status;
      report(problemOf(response));
      return response;
    } catch (error) {
      // Stopping an answer is no problem.
      if ((error as Error).name !== "AbortError") report(noServer());
      throw error;
    }
  };
}

function problemOf({ status }: Response): Problem | null {
  if (status === 401) {
    return {
      title: "You are not signed in",
      cause: "The server does not know who is asking (401).",
      remedy: "Sign in again, then come back to this page.",
    };
  }
  // What a proxy says of a backend that it cannot reach.
  return [502, 504].includes(status) ? noServer() : null;
}

const noServer = (): Problem => ({
  title: "The server does not answer",
  cause: "It may have stopped, or the network is down.",
  remedy: "Start the backend again and look at what it prints.",
});

const badAnswer = (what: unknown): Problem => ({
  title: "The server has a problem",
  cause: `GET /session answered ${what}.`,
  remedy: "The log of the backend has the cause.",
});

export const noScript = (host: string): Problem => ({
  title: "The chat could not be loaded",
  cause: `Its script from ${host} did not arrive.`,
  remedy:
    "Check the network, and whether a blocker, a proxy or a content security policy stops it.",
});

export function notOpened(host: string): Problem {
  const title = "The chat did not open";
  if (host === "localhost") {
    const cause = "Its script arrived, but not the rest of it.";
    return {
      title,
      cause,
      remedy: "Check whether a blocker or a proxy stops cdn.platform.openai.com.",
    };
  }
  return {
    title,
    cause: `OpenAI has to know ${host} before it shows the chat there.`,
    remedy:
      "Register this domain with OpenAI, put its key into frontend/.env and build the page again. " +
      "It can take half an hour.",
  };
}

export const refused = (error: Error): Problem => ({
  title: "The chat refused its options",
  cause: error.message,
  remedy: "Correct them in src/chat/Conversation.tsx.",
});

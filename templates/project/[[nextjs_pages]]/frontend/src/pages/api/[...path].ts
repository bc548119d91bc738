// Passes requests on to the backend and its answers back, as they come. One origin for the page, so
// no CORS and no foreign cookies. A rewrite would do, if it did not collect a stream before it sends it.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { NextApiRequest, NextApiResponse } from "next";

const BACKEND = process.env.BACKEND_URL || "http://127.0.0.1:8000";
// What belongs to one connection, and not to the message on it.
const OF_THE_CONNECTION = [
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
];

export const config = { api: { bodyParser: false, responseLimit: false } };

export default async function pass(request: NextApiRequest, response: NextApiResponse) {
  const left = new AbortController();
  response.on("close", () => left.abort()); // who stops an answer stops the model
  try {
    const answer = await fetch(BACKEND + request.url!.replace(/^\/api/, ""), {
      method: request.method,
      headers: without(request.headers as HeadersInit),
      body: request.method === "GET" ? undefined : Readable.toWeb(request),
      duplex: "half",
      redirect: "manual",
      signal: left.signal,
    } as RequestInit);
    response.status(answer.status).setHeaders(without(answer.headers));
    const body = (answer.body ?? []) as unknown as AsyncIterable<Uint8Array>;
    await pipeline(body, response);
  } catch (error) {
    if (left.signal.aborted) return;
    console.error(`The backend at ${BACKEND} does not answer:`, error);
    if (response.headersSent) response.destroy();
    else response.status(502).json({ error: "The backend does not answer." });
  }
}

function without(headers: HeadersInit): Headers {
  const kept = new Headers(headers);
  for (const name of OF_THE_CONNECTION) kept.delete(name);
  return kept;
}

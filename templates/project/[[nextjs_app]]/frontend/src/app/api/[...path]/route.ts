// Passes requests on to the backend and its answers back, as they come. One origin for the page, so
// no CORS and no foreign cookies. A rewrite would do, if it did not collect a stream before it sends it.

const BACKEND = process.env.BACKEND_URL || "http://127.0.0.1:8000";
// What belongs to one connection, and not to the message on it.
const OF_THE_CONNECTION = [
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "transfer-encoding",
];

async function pass(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = without(request.headers);
  try {
    const answer = await fetch(BACKEND + pathname.replace("/api", "") + search, {
      method: request.method,
      headers,
      body: request.body,
      duplex: "half",
      redirect: "manual",
      signal: request.signal, // who stops an answer stops the model
    } as RequestInit);
    return new Response(answer.body, { status: answer.status, headers: without(answer.headers) });
  } catch (error) {
    if (!request.signal.aborted) console.error(`The backend at ${BACKEND} does not answer:`, error);
    return Response.json({ error: "The backend does not answer." }, { status: 502 });
  }
}

function without(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of OF_THE_CONNECTION) kept.delete(name);
  return kept;
}

export { pass as GET, pass as POST, pass as PUT };

// Server-sent events, read strictly: each is one `data:` line of JSON between blank lines, and a
// line with a leading colon is a comment.

export async function* read(response) {
  if (!response.type.startsWith("text/event-stream")) {
    throw new TypeError(`Expected text/event-stream, got ${response.type || "no content type"}`);
  }
  let text = "";
  for await (const chunk of chunks(response.body)) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      if (!block.startsWith(":")) yield parse(block);
    }
  }
  if (text) throw new TypeError(`The stream broke off in an event: ${text}`);
}

async function* chunks(body) {
  const reader = body.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function parse(block) {
  if (!block.startsWith("data: ") || block.includes("\n")) {
    throw new TypeError(`Not a server-sent event: ${block}`);
  }
  return JSON.parse(block.slice("data: ".length));
}

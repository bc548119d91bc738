import { expect, test, vi } from "vitest";
import { send } from "./send";

async function headersWith(login: () => Promise<Response>): Promise<Headers> {
  const server = vi.fn<typeof fetch>(async (input) =>
    String(input).endsWith("/token") ? login() : new Response(),
  );
  vi.stubGlobal("fetch", server);
  await send("http://localhost:3000/chatkit", { method: "POST", body: "{}" });
  return (server.mock.lastCall![0] as Request).headers;
}

test("the token of who is signed in goes along", async () => {
  const headers = await headersWith(async () => Response.json({ token: "a.b.c" }));
  expect(headers.get("authorization")).toBe("Bearer a.b.c");
});

test.each([
  ["nobody is signed in", async () => new Response("", { status: 401 })],
  ["the login is broken", async () => new Response("<html>")],
  ["the login is gone", async () => Promise.reject(new TypeError("Failed to fetch"))],
])("when %s the backend is asked all the same, and says no", async (_, login) => {
  expect((await headersWith(login)).has("authorization")).toBe(false);
});

import { expect, test, vi } from "vitest";
import { send } from "./send";

test("the backend's cookie goes along", async () => {
  const server = vi.fn<typeof fetch>(async () => new Response());
  vi.stubGlobal("fetch", server);
  await send("http://localhost:3000/chatkit", { method: "POST", body: "{}" });
  expect((server.mock.lastCall![0] as Request).credentials).toBe("include");
});

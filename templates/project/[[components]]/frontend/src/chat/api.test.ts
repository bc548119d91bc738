import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findMistakes, securityPolicy } from "../../deployment";
import { fetchReporting, notOpened, openSession } from "./api";

// What it really does has tests of its own.
vi.mock("./send", () => ({
  send(input: Request | URL, init?: RequestInit) {
    const request = new Request(input, init);
    request.headers.set("Authorization", "of Ann");
    return fetch(request);
  },
}));

const server = vi.fn<typeof fetch>();
const report = vi.fn();

beforeEach(() => {
  vi.stubGlobal("fetch", server);
  vi.stubGlobal("location", new URL("http://localhost:3000/"));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

function sent(): Request {
  const [input, init] = server.mock.lastCall!;
  return input instanceof Request ? input : new Request(input, init);
}

test("the backend learns who is asking, and headers stay", async () => {
  server.mockResolvedValue(Response.json({}));
  const headers = new Headers({ "Content-Type": "application/json" });
  await fetchReporting(report)("/chatkit", { method: "POST", headers, body: "{}" });
  expect(sent().headers.get("authorization")).toBe("of Ann");
  expect(sent().headers.get("content-type")).toBe("application/json");
  expect(report).toHaveBeenLastCalledWith(null);
});

test("an upload keeps its method and its bytes", async () => {
  server.mockResolvedValue(Response.json({}));
  const file = new Uint8Array([0, 255, 1]);
  await fetchReporting(report)("http://localhost:3000/attachments/a", {
    method: "PUT",
    body: file,
  });
  expect(sent().method).toBe("PUT");
  expect(new Uint8Array(await sent().arrayBuffer())).toEqual(file);
});

test("other addresses learn nothing of the visitor", async () => {
  server.mockResolvedValue(Response.json({}));
  await fetchReporting(report)("https://files.example.com/signed", { method: "PUT" });
  expect(sent().headers.has("authorization")).toBe(false);
  expect(sent().credentials).not.toBe("include");
});

test.each([
  [401, "You are not signed in"],
  [502, "The server does not answer"],
])("a %i is explained", async (status, title) => {
  server.mockImplementation(async () => new Response("", { status }));
  await fetchReporting(report)("/chatkit");
  expect(report).toHaveBeenLastCalledWith(expect.objectContaining({ title }));
  expect(await openSession()).toMatchObject({ title });
});

test("a broken backend is not one that is gone", async () => {
  server.mockImplementation(async () => new Response("", { status: 500 }));
  await fetchReporting(report)("/chatkit");
  expect(report).toHaveBeenLastCalledWith(null);
  expect(await openSession()).toMatchObject({ title: "The server has a problem" });
});

test("a server that is not there is explained, a stopped answer is not", async () => {
  server.mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await expect(fetchReporting(report)("/chatkit")).rejects.toThrow();
  expect(report).toHaveBeenCalledOnce();
  server.mockRejectedValueOnce(new DOMException("", "AbortError"));
  await expect(fetchReporting(report)("/chatkit")).rejects.toThrow();
  expect(report).toHaveBeenCalledOnce();
});

test("an address that is not registered is explained", () => {
  expect(notOpened("chat.example.com").cause).toContain("chat.example.com");
});

test.each([
  ["", "", 1],
  ["local-dev", "", 1],
  ["domain_pk_localhost_dev", "http://localhost:8000", 2],
  ["domain_pk_1", "http://127.0.0.1:8000", 1],
  ["domain_pk_1", "api.example.com", 1],
  ["domain_pk_1", "https://api.example.com", 0],
  ["domain_pk_1", "", 0],
])("key %j and address %j have %i mistakes", (CHATKIT_DOMAIN_KEY, API_URL, count) => {
  expect(findMistakes("", { CHATKIT_DOMAIN_KEY, API_URL })).toHaveLength(count);
});

test("the policy lets the page reach its backend", () => {
  expect(securityPolicy("https://api.example.com/base")).toMatch(
    /connect-src [^;]*https:\/\/api\.example\.com;/,
  );
});

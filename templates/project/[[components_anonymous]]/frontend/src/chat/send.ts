// How the backend learns who is asking: by its own cookie, which scripts cannot read.

export function send(input: Request | URL | string, init?: RequestInit): Promise<Response> {
  return fetch(new Request(input, { ...init, credentials: "include" }));
}

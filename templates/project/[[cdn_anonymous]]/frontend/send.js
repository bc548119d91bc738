// How the backend learns who is asking: by its own cookie, which scripts cannot read.

export const send = (input, init) => fetch(input, { ...init, credentials: "same-origin" });

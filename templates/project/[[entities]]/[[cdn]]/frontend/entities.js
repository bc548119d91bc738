// What people can mention with @. app/entities.py answers.

import { send } from "./send.js";

export const entities = {
  showComposerMenu: true,
  async onTagSearch(query) {
    const response = await send(`/entities?${new URLSearchParams({ query })}`).catch(() => null);
    return response?.ok ? response.json() : [];
  },
};

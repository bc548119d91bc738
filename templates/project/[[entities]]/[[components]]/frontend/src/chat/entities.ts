// What people can mention with @. app/entities.py answers.

import type { EntitiesOption } from "@openai/chatkit";
import { endpoint, send } from "./api";

export const entities: EntitiesOption = {
  showComposerMenu: true,
  async onTagSearch(query) {
    const url = new URL(endpoint("/entities"));
    url.searchParams.set("query", query);
    const response = await send(url).catch(() => null);
    return response?.ok ? response.json() : [];
  },
};

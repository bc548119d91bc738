// What people can mention with @. app/entities.py answers.

import type { EntitiesOption } from "@openai/chatkit";
import { endpoint } from "./api";
import { send } from "./send";

export const entities: EntitiesOption = {
  showComposerMenu: true,
  async onTagSearch(query) {
    const url = new URL(endpoint("/entities"));
    url.searchParams.set("query", query);
    const response = await send(url).catch(() => null);
    return response?.ok ? response.json() : [];
  },
};

// What people can mention with @. app/entities.py answers.

export const entities = {
  showComposerMenu: true,
  async onTagSearch(query) {
    const response = await fetch(`/entities?${new URLSearchParams({ query })}`).catch(() => null);
    return response?.ok ? response.json() : [];
  },
};

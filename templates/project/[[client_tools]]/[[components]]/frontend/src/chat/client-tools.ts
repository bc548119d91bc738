// What the assistant can do in this page. app/tools/client_tools.py has the other half.

import { isTheme, remember } from "./browser";

type Params = Record<string, unknown>;

const TOOLS: Record<string, (params: Params) => Params> = {
  switch_theme({ theme }) {
    if (!isTheme(theme)) return { error: "There is no such theme." };
    remember("chat-theme", theme);
    return { theme };
  },
  open_page({ path }) {
    const url = new URL(String(path), location.href);
    if (url.origin !== location.origin) return { error: "Only pages of this site." };
    return open(url, "_blank") ? { opened: path } : { error: "The browser did not allow it." };
  },
};

/** What it returns is what the assistant gets to read. */
export function onClientTool({ name, params }: { name: string; params: Params }): Params {
  return TOOLS[name]?.(params) ?? { error: "The page has no such tool." };
}

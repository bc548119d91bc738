// What the assistant can do in this page. app/tools/client_tools.py has the other half.

import { setTheme, THEMES } from "./theme.js";

const TOOLS = {
  switch_theme({ theme }) {
    if (!THEMES.includes(theme)) return { error: "There is no such theme." };
    setTheme(theme);
    return { theme };
  },
  open_page({ path }) {
    const url = new URL(path, location.href);
    if (url.origin !== location.origin) return { error: "Only pages of this site." };
    return open(url, "_blank") ? { opened: path } : { error: "The browser did not allow it." };
  },
};

/** What it returns is what the assistant gets to read. */
export function onClientTool({ name, params }) {
  return TOOLS[name]?.(params) ?? { error: "The page has no such tool." };
}

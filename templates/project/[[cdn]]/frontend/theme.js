// Light, dark, or what the system says. The choice is kept in this browser.

const KEY = "chat-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const THEMES = ["system", "light", "dark"];

export function theme() {
  try {
    return localStorage.getItem(KEY) ?? "system";
  } catch {
    return "system"; // a browser that keeps nothing for this page
  }
}

export const scheme = () => (theme() === "system" ? (dark.matches ? "dark" : "light") : theme());

export function setTheme(name) {
  localStorage.setItem(KEY, name);
  apply();
}

function apply() {
  document.documentElement.dataset.scheme = scheme();
  dispatchEvent(new Event("themechange"));
}

dark.addEventListener("change", apply);
apply();

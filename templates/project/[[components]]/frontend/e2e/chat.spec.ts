import { expect, test, type Page } from "@playwright/test";
import { SCRIPT } from "../deployment";

// The real component needs the network. This one only shows what the page hands to it.
const COMPONENT = `customElements.define("openai-chatkit", class extends HTMLElement {
  static count = 0;
  number = ++this.constructor.count;
  setOptions({ theme }) {
    this.textContent = theme + " chat " + this.number;
    setTimeout(() => this.dispatchEvent(new CustomEvent("chatkit.ready")));
  }
  async focusComposer() {}
})`;

async function open(page: Page) {
  await page.goto("/");
  const opener = page.getByRole("button", { name: "Open chat" });
  await expect(opener.or(page.getByRole("button", { name: /^Theme/ }))).toBeVisible();
  if (await opener.isVisible()) await opener.click();
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.route("**/session", (route) => route.fulfill({ json: {} }));
  await page.route(SCRIPT, (route) =>
    route.fulfill({ contentType: "text/javascript", body: COMPONENT }),
  );
});

test("the theme changes and the screen fills round one and the same chat", async ({ page }) => {
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await open(page);
  const chat = page.locator("openai-chatkit");
  await expect(chat).toContainText("light chat 1");
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(chat).toContainText("dark chat 1");

  const full = page.getByRole("button", { name: "Full screen" });
  await page.keyboard.press("Control+Shift+F");
  await expect(full).toHaveAttribute("aria-pressed", "true");
  await full.click();
  await expect(full).toHaveAttribute("aria-pressed", "false");

  await open(page);
  await expect(chat).toContainText("dark chat 1");
  expect(wrong).toEqual([]);
});

test("a dead backend and a script that does not arrive are explained", async ({ page }) => {
  await page.route("**/session", (route) => route.fulfill({ status: 502 }));
  await open(page);
  const problem = page.getByRole("heading", { level: 2 }).last();
  await expect(problem).toHaveText("The server does not answer");
  await page.route("**/session", (route) => route.fulfill({ json: {} }));
  await page.route(SCRIPT, (route) => route.abort());
  await open(page);
  await expect(problem).toHaveText("The chat could not be loaded", { timeout: 20_000 });
});

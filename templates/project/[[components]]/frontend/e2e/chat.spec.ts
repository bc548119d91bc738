import { expect, test } from "@playwright/test";
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

test.beforeEach(async ({ page }) => {
  await page.route("**/session", (route) => route.fulfill({ json: {} }));
  await page.route(SCRIPT, (route) =>
    route.fulfill({ contentType: "text/javascript", body: COMPONENT }),
  );
});

test("the theme changes and the window grows round one and the same chat", async ({ page }) => {
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  const chat = page.locator("openai-chatkit");
  await expect(chat).toContainText("light chat 1");
  await page.getByRole("button", { name: "Theme: system" }).click();
  await page.getByRole("button", { name: "Theme: light" }).click();
  await expect(chat).toContainText("dark chat 1");

  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Full screen" })).toBeVisible();
  await page.keyboard.press("Control+Shift+F");
  await expect(page.getByRole("button", { name: "Leave full screen" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Full screen", exact: true })).toBeVisible();

  await page.reload();
  await expect(chat).toContainText("dark chat 1");
  expect(wrong).toEqual([]);
});

test("a blocked script and a dead backend are explained", async ({ page }) => {
  await page.route(SCRIPT, (route) => route.abort());
  await page.goto("/");
  const heading = page.getByRole("heading", { level: 2 });
  await expect(heading).toContainText("could not be loaded", { timeout: 15_000 });
  await page.route("**/session", (route) => route.fulfill({ status: 502 }));
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(heading).toContainText("does not answer");
});

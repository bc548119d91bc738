import { defineConfig } from "@playwright/test";

const PORT = 4173;

// `npx playwright install chromium` brings a browser; CHROMIUM is the path of one that is there.
export default defineConfig({
  testDir: "e2e",
  use: {
    baseURL: `http://localhost:${PORT}`,
    launchOptions: { executablePath: process.env.CHROMIUM },
  },
  webServer: {
    command: `npm run dev -- --port ${PORT}`,
    url: `http://localhost:${PORT}`,
  },
});

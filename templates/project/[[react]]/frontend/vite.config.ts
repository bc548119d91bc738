import { readdirSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv, type Plugin, type ProxyOptions } from "vite";
import { checkBuild, securityPolicy } from "./deployment.ts";

// One origin in development: what the backend answers is passed on to it. The Host stays the page's,
// and by it the backend knows its own address.
const backend: ProxyOptions = {
  target: process.env.BACKEND_URL || "http://127.0.0.1:8000",
  configure(proxy) {
    // Vite says 500, as a broken backend would. One that is not there is a 502.
    proxy.on("error", (_error, _request, response) => {
      if ("writeHead" in response && !response.headersSent) response.writeHead(502).end();
    });
  },
};
const paths = ["/chatkit", "/session", "/attachments", "/entities"];
const proxy = Object.fromEntries(paths.map((path) => [path, backend]));

export default defineConfig(({ command, mode }) => {
  const env = loadEnv(mode, import.meta.dirname, "");
  if (command === "build") checkBuild("VITE_", env);
  const pages = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".html"));
  return {
    plugins: [react(), metaTag(securityPolicy(env.VITE_API_URL))],
    build: { rolldownOptions: { input: pages } },
    server: { port: 3000, proxy },
    preview: { proxy },
  };
});

/** Before the scripts it is about. In development there is none: Vite needs inline scripts. */
function metaTag(policy: string): Plugin {
  const attrs = { "http-equiv": "Content-Security-Policy", content: policy };
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [{ tag: "meta", attrs, injectTo: "head-prepend" }],
  };
}

// What a deployment needs: an address and a key that work there, and a content security policy.

export const SCRIPT = "https://cdn.platform.openai.com/deployments/chatkit/chatkit.js";

const REGISTER = "https://platform.openai.com/settings/organization/security/domain-allowlist";
const PLACEHOLDER = /^(local|domain_pk_local|your|changeme|<|\.\.\.)/i;
const LOOPBACK = /^(localhost|.*\.localhost|127\..*|0\.0\.0\.0|\[::1?\])$/;

/** What would break once the page is deployed. These values are part of the build: change, rebuild. */
export function findMistakes(prefix: string, env: Record<string, string | undefined>): string[] {
  const mistakes = [];
  const key = env[`${prefix}CHATKIT_DOMAIN_KEY`] ?? "";
  const api = env[`${prefix}API_URL`] ?? "";
  if (!key.trim() || PLACEHOLDER.test(key)) {
    mistakes.push(
      `${prefix}CHATKIT_DOMAIN_KEY is ${key ? `the placeholder "${key}"` : "empty"}: ChatKit opens on registered domains only. ` +
        `Register yours at ${REGISTER} and put its public key there.`,
    );
  }
  if (api && !URL.canParse(api)) {
    mistakes.push(`${prefix}API_URL "${api}" is no address. It looks like https://api.example.com`);
  } else if (api && LOOPBACK.test(new URL(api).hostname)) {
    mistakes.push(
      `${prefix}API_URL "${api}" is this machine: browsers elsewhere would ask themselves. ` +
        "Leave it empty when page and backend share an address.",
    );
  }
  return mistakes;
}

export function checkBuild(prefix: string, env: Record<string, string | undefined>): void {
  const mistakes = findMistakes(prefix, env);
  if (!mistakes.length) return;
  const report = mistakes.map((mistake) => `  - ${mistake}`).join("\n");
  if (env.LOCAL_BUILD === "1") {
    console.warn(`\nThis build works on localhost only:\n${report}\n`);
  } else {
    throw new Error(
      `This build would not work once deployed:\n${report}\n` +
        "Set them in the environment or in frontend/.env. LOCAL_BUILD=1 builds for localhost all the same.",
    );
  }
}

/** `script` is what else may run: nothing, or a nonce for a framework's inline scripts. */
export function securityPolicy(apiUrl: string | undefined, script = ""): string {
  const chatkit = new URL(SCRIPT).origin;
  return Object.entries({
    "default-src": "'none'",
    "script-src": `'self' ${chatkit} ${script}`,
    "frame-src": chatkit,
    // The component asks OpenAI, from the page, whether the domain is registered.
    "connect-src": `'self' ${chatkit} https://api.openai.com ${apiUrl ? new URL(apiUrl).origin : ""}`,
    // The element styles itself inside the page.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
  })
    .map(([name, sources]) => `${name} ${sources.trim()}`)
    .join("; ");
}

import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD } from "next/constants";
import { checkBuild, securityPolicy } from "./deployment";

export default function config(phase: string): NextConfig {
  if (phase === PHASE_PRODUCTION_BUILD) checkBuild("NEXT_PUBLIC_", process.env);
  const policy = securityPolicy(process.env.NEXT_PUBLIC_API_URL);
  return {
    poweredByHeader: false,
    reactStrictMode: true,
    // In development Next.js evaluates code, which the policy forbids.
    headers: async () =>
      phase === PHASE_DEVELOPMENT_SERVER
        ? []
        : [{ source: "/:path*", headers: [{ key: "Content-Security-Policy", value: policy }] }],
    // The backend's paths, as the page asks for them, to the route that passes them on.
    rewrites: async () =>
      ["/chatkit", "/session", "/attachments/:id"].map((source) => ({
        source,
        destination: `/api${source}`,
      })),
  };
}

import type { NextConfig } from "next";
import { PHASE_PRODUCTION_BUILD } from "next/constants";
import { checkBuild } from "./deployment";

export default function config(phase: string): NextConfig {
  if (phase === PHASE_PRODUCTION_BUILD) checkBuild("NEXT_PUBLIC_", process.env);
  return {
    poweredByHeader: false,
    reactStrictMode: true,
    // The backend's paths, as the page asks for them, to the route that passes them on.
    rewrites: async () =>
      ["/chatkit", "/session", "/attachments/:id", "/entities"].map((source) => ({
        source,
        destination: `/api${source}`,
      })),
  };
}

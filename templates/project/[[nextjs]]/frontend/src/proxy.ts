// A content security policy for each page. Next.js writes inline scripts, so each needs a new nonce.

import { NextResponse, type NextRequest } from "next/server";
import { API_URL } from "@/config";
import { securityPolicy } from "../deployment";

export function proxy(request: NextRequest) {
  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const forDevelopment = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  const policy = securityPolicy(API_URL, `'nonce-${nonce}'${forDevelopment}`);
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy); // from here Next.js takes the nonce
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

// Pages and nothing else: what is below /_next or /api is no page.
export const config = {
  matcher: "/((?!(?:_next|api|chatkit|session|attachments|entities)(?:/|$)).*)",
};

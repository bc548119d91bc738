import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "@/chat/chat.css";
import { TITLE } from "@/config";

export const metadata: Metadata = { title: TITLE, icons: "data:," };

export default async function Layout({ children }: { children: ReactNode }) {
  await connection(); // a page of its own for each request: the security policy's nonce is in it
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}

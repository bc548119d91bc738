import NextDocument, { Head, Html, Main, NextScript, type DocumentContext } from "next/document";

export default function Document({ nonce }: { nonce?: string }) {
  return (
    <Html lang="en">
      <Head nonce={nonce} />
      <body>
        <Main />
        <NextScript nonce={nonce} />
      </body>
    </Html>
  );
}

/** Inline scripts run with the nonce that this page's security policy names: see proxy.ts. */
Document.getInitialProps = async (context: DocumentContext) => {
  const policy = String(context.req?.headers["content-security-policy"]);
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  return { ...(await NextDocument.getInitialProps(context)), nonce };
};

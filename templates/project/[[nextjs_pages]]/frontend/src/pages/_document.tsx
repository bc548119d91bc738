import { Head, Html, Main, NextScript } from "next/document";
import { SCRIPT } from "../../deployment";

export default function Document() {
  return (
    <Html lang="en">
      <Head>
        <script async src={SCRIPT} />
      </Head>
      <body>
        <Main />
        <NextScript />
      </body>
    </Html>
  );
}

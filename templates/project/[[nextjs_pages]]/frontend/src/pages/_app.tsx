import type { AppProps } from "next/app";
import Head from "next/head";
import "@/chat/chat.css";
import { TITLE } from "@/config";

export default function App({ Component, pageProps }: AppProps) {
  return (
    <>
      <Head>
        <title>{TITLE}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
      </Head>
      <Component {...pageProps} />
    </>
  );
}

// Makes each page anew for each request, as a nonce of its own is in it: see _document.tsx.
App.getInitialProps = () => ({ pageProps: {} });

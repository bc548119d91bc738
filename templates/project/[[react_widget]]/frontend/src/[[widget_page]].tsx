import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Widget } from "./chat/Widget";
import { TITLE } from "./config";
import "./chat/chat.css";

// How the page looks that this stands for.
const STYLE = {
  maxWidth: "40rem",
  margin: "4rem auto",
  paddingInline: "1rem",
  font: "1.0625rem/1.6 system-ui, sans-serif",
};

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <main style={STYLE}>
      <h1>{TITLE}</h1>
      <p>This stands for a page of your own. The chat is behind the button in its corner.</p>
    </main>
    <Widget />
  </StrictMode>,
);

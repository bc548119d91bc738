import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Widget } from "./chat/Widget";
import { TITLE } from "./config";
import "./chat/chat.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <main>
      <h1>{TITLE}</h1>
      <p>This stands for a page of your own. The chat is behind the button in its corner.</p>
    </main>
    <Widget />
  </StrictMode>,
);

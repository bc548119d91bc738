import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chat } from "./chat/Chat";
import "./chat/chat.css";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <div className="chat-page">
      <Chat />
    </div>
  </StrictMode>,
);

"use client";

import { useRef, useState } from "react";
import { TITLE } from "../config";
import { Chat, Icon } from "./Chat";

/** The chat behind a floating button. Put it on any page. */
export function Widget() {
  const [open, setOpen] = useState(false);
  const [opened, setOpened] = useState(false); // from then on it is only hidden: the conversation goes on
  const opener = useRef<HTMLButtonElement>(null);

  function show() {
    setOpen(true);
    setOpened(true);
  }

  function close() {
    if (document.fullscreenElement) void document.exitFullscreen();
    setOpen(false);
    // Not before it is there again.
    requestAnimationFrame(() => opener.current?.focus());
  }

  return (
    <aside aria-label={TITLE}>
      <button
        ref={opener}
        className="chat-open"
        aria-label="Open chat"
        aria-expanded={open}
        onClick={show}
      >
        <Icon path="M21 12a8 8 0 0 1-12 7l-5 1 1-4a8 8 0 1 1 16-4z" />
      </button>
      {opened && <Chat open={open} onClose={close} />}
    </aside>
  );
}

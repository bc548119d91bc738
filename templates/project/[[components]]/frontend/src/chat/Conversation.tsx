"use client";

import { ChatKit, useChatKit } from "@openai/chatkit-react";
import { useEffect, useRef, useState } from "react";
import { DOMAIN_KEY } from "../config";
import { endpoint, fetchReporting, isGone, notOpened, refused, type Offer, type Problem } from "./api";
import { recall, remember } from "./browser";

const PATIENCE = 15_000; // milliseconds

export type Controls = Pick<ReturnType<typeof useChatKit>, "focusComposer" | "setComposerValue">;
type Props = {
  offer: Offer;
  dark: boolean;
  onReady: (controls: Controls) => void;
  onFailure: (problem: Problem) => void; // it never opened, or is gone
  report: (problem: Problem | null) => void;
};

/** The official component. Start editing here: these are its options. */
export function Conversation({ offer: { attachments }, dark, onReady, onFailure, report }: Props) {
  const [thread] = useState(() => recall("chat-thread"));
  const stage = useRef<HTMLDivElement>(null);
  const opened = useRef(false);
  const loading = useRef(false);
  const { control, ref, setThreadId, focusComposer, setComposerValue } = useChatKit({
    api: {
      url: endpoint("/chatkit"),
      domainKey: DOMAIN_KEY,
      fetch: fetchReporting(report),
      ...(attachments && { uploadStrategy: { type: "two_phase" } }),
    },
    theme: dark ? "dark" : "light",
    initialThread: thread, // what a reload shows again, in this tab
    frameTitle: "Conversation",
    history: { enabled: true, showDelete: true, showRename: true },
    threadItemActions: { feedback: true, retry: true },
    composer: { placeholder: "Write a message", ...(attachments && { attachments }) },
    startScreen: {
      greeting: "What can I help with?",
      prompts: [
        { label: "What can you do?", prompt: "What can you do?", icon: "sparkle" },
        { label: "What time is it?", prompt: "What time is it?", icon: "clock" },
      ],
    },
    onReady: () => {
      opened.current = true;
      onReady({ focusComposer, setComposerValue });
    },
    onThreadChange: ({ threadId }) => remember("chat-thread", threadId),
    onThreadLoadStart: () => {
      loading.current = true;
    },
    onThreadLoadEnd: () => {
      loading.current = false;
    },
    onError: ({ error }) => {
      console.error(error);
      if (error.name === "InvalidFrameParamsError") onFailure(refused(error));
      // Deleted elsewhere, or somebody else's: begin anew instead of failing at every reload.
      if (loading.current && isGone()) void setThreadId(null);
      loading.current = false;
    },
  });

  useEffect(() => {
    // Of a domain that OpenAI does not know the page is told nothing: the component just goes.
    const fail = () => onFailure(notOpened(location.hostname));
    const timer = setTimeout(() => opened.current || fail(), PATIENCE);
    const observer = new MutationObserver((changes) => {
      const gone = changes.flatMap(({ removedNodes }) => [...removedNodes]);
      if (gone.some((node) => node.nodeName === "IFRAME" || node === chat)) fail();
    });
    const chat = ref.current;
    observer.observe(stage.current!, { childList: true });
    if (chat?.shadowRoot) observer.observe(chat.shadowRoot, { childList: true, subtree: true });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [ref, onFailure]);

  return (
    <div className="stage" ref={stage}>
      <ChatKit control={control} />
    </div>
  );
}

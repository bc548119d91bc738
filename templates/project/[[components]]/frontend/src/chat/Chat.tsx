"use client";

import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { preload } from "react-dom";
import { SCRIPT } from "../../deployment";
import { TITLE } from "../config";
import { noScript, openSession, type Offer, type Problem } from "./api";
import { useFullScreen, useTheme, useVoice } from "./browser";
import { Conversation, type Controls } from "./Conversation";

const PATIENCE = 15_000; // milliseconds
const SUN =
  "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2" +
  "M5 5l1 1M18 18l1 1M19 5l-1 1M6 18l-1 1";

/** The frame around the chat: a bar with what the component does not have, and what is wrong. */
export function Chat({ open = true, onClose }: { open?: boolean; onClose?: () => void }) {
  preload(SCRIPT, { as: "script" }); // a server puts this into its page
  const [offer, setOffer] = useState<Offer | null>(null);
  const [controls, setControls] = useState<Controls | null>(null);
  const [failure, setFailure] = useState<Problem | null>(null); // there is no chat
  const [problem, setProblem] = useState<Problem | null>(null); // there is, but it does not work

  useEffect(() => {
    let wanted = true;
    async function load() {
      const component = loadComponent();
      const session = await openSession();
      const wrong = "title" in session ? session : await component;
      if (!wanted) return;
      if (wrong) setFailure(wrong);
      else setOffer(session as Offer);
    }
    void load();
    return () => {
      wanted = false;
    };
  }, []);

  const root = useRef<HTMLElement>(null);
  const closer = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open || !closer.current) return;
    if (controls) void controls.focusComposer();
    else closer.current.focus();
  }, [open, controls]);

  const { theme, dark, toggle: toggleTheme } = useTheme();
  const full = useFullScreen(root);
  const voice = useVoice(async (text) => {
    await controls?.setComposerValue({ text });
    await controls?.focusComposer();
  });

  async function retry() {
    const session = await openSession();
    const still = "title" in session ? session : null;
    if (failure && !still) location.reload();
    else if (failure) setFailure(still);
    else setProblem(still);
  }

  const fail = useCallback((why: Problem) => {
    setFailure(why);
    setControls(null);
  }, []);

  const [Root, Heading] = onClose ? (["section", "h2"] as const) : (["main", "h1"] as const);
  return (
    <Root ref={root} className={onClose ? "chat chat-panel" : "chat"} hidden={!open}>
      <header>
        <Heading>{TITLE}</Heading>
        <span role="status">{voice.note}</span>
        {voice.available && controls && (
          <button
            className="voice"
            aria-label="Speak"
            aria-pressed={voice.listening}
            onClick={voice.toggle}
          >
            <Icon path="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M5 11a7 7 0 0 0 14 0M12 18v3" />
          </button>
        )}
        <button
          className="theme"
          data-theme={theme}
          aria-label={`Theme: ${theme}`}
          onClick={toggleTheme}
        >
          <Icon path="M3 5h18v11H3zM9 20h6M12 16v4" />
          <Icon path={SUN} />
          <Icon path="M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z" />
        </button>
        {full.available && (
          <button aria-label="Full screen" aria-pressed={full.on} onClick={full.toggle}>
            <Icon path="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />
          </button>
        )}
        {onClose && (
          <button ref={closer} className="close" aria-label="Close chat" onClick={onClose}>
            <Icon path="M6 6l12 12M18 6L6 18" />
          </button>
        )}
      </header>
      <ProblemPanel problem={failure ?? problem} onRetry={retry} />
      {!failure && (
        <div className="stage">
          {!controls && <p className="waiting">Opening the chat…</p>}
          {offer && (
            <Conversation
              offer={offer}
              dark={dark}
              onReady={setControls}
              onFailure={fail}
              report={setProblem}
            />
          )}
        </div>
      )}
    </Root>
  );
}

async function loadComponent(): Promise<Problem | null> {
  const missing = new Promise<Problem>((resolve) => {
    const refuse = () => resolve(noScript(new URL(SCRIPT).host));
    setTimeout(refuse, PATIENCE);
    const made = Object.assign(document.createElement("script"), { src: SCRIPT, async: true });
    const script = document.querySelector(`script[src="${SCRIPT}"]`) ?? made;
    script.addEventListener("error", refuse);
    if (script === made) document.head.append(made);
  });
  return Promise.race([customElements.whenDefined("openai-chatkit").then(() => null), missing]);
}

function ProblemPanel({
  problem,
  onRetry,
}: {
  problem: Problem | null;
  onRetry: () => void;
}): ReactNode {
  if (!problem) return null;
  return (
    <section className="problem" role="alert">
      <h2>{problem.title}</h2>
      <p>{problem.cause}</p>
      <p>{problem.remedy}</p>
      <button onClick={onRetry}>Try again</button>
    </section>
  );
}

export function Icon({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

// What the browser remembers and can do: a colour theme, this tab's thread, full screen, speech.

import {
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from "react";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
type Key = "chat-theme" | "chat-thread";

const changes = new EventTarget();

/** A theme outlives its tab, a thread does not. Where storage is forbidden both are forgotten. */
const storage = (key: Key) => (key === "chat-theme" ? localStorage : sessionStorage);

export function recall(key: Key): string | null {
  try {
    return storage(key).getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: Key, value: string | null): void {
  try {
    if (value === null) storage(key).removeItem(key);
    else storage(key).setItem(key, value);
  } catch {
    return;
  }
  changes.dispatchEvent(new Event(key));
}

/** What only browsers know. Servers, and so the first render, take `otherwise`: nothing to hydrate. */
function useBrowser<T>(
  read: () => T,
  otherwise: T,
  watch: (changed: () => void) => () => void = never,
): T {
  return useSyncExternalStore(watch, read, () => otherwise);
}
const never = () => () => {};

export function useTheme() {
  const theme = useBrowser(currentTheme, "system", watchTheme);
  const dark = useBrowser(isDark, false, watchTheme);
  useEffect(() => {
    document.documentElement.dataset.scheme = dark ? "dark" : "light";
  }, [dark]);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  return { theme, dark, toggle: () => remember("chat-theme", next) };
}

export const isTheme = (name: unknown): name is Theme => THEMES.includes(name as Theme);

function currentTheme(): Theme {
  const name = recall("chat-theme");
  return isTheme(name) ? name : "system";
}

function isDark(): boolean {
  const theme = currentTheme();
  return theme === "dark" || (theme === "system" && darkScreen().matches);
}

const darkScreen = () => matchMedia("(prefers-color-scheme: dark)");

function watchTheme(changed: () => void) {
  const screen = darkScreen();
  screen.addEventListener("change", changed);
  changes.addEventListener("chat-theme", changed);
  addEventListener("storage", changed); // another tab
  return () => {
    screen.removeEventListener("change", changed);
    changes.removeEventListener("chat-theme", changed);
    removeEventListener("storage", changed);
  };
}

/** Ctrl+Shift+F enters and leaves, Escape only leaves. Keys pressed while people write belong to the
 *  component's frame and never come here; the browser itself sees to Escape there. */
export function useFullScreen(root: RefObject<HTMLElement | null>) {
  // Servers take it for granted: a button that came later would move the others.
  const available = useBrowser(() => document.fullscreenEnabled, true);
  const [on, setOn] = useState(false);
  const toggle = useCallback(() => {
    void (document.fullscreenElement
      ? document.exitFullscreen()
      : root.current?.requestFullscreen());
  }, [root]);
  useEffect(() => {
    const change = () => setOn(document.fullscreenElement !== null);
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey && event.shiftKey && event.code === "KeyF" && !root.current?.hidden) {
        event.preventDefault();
        toggle();
      } else if (event.key === "Escape" && document.fullscreenElement) {
        void document.exitFullscreen();
      }
    };
    document.addEventListener("fullscreenchange", change);
    document.addEventListener("keydown", press);
    return () => {
      document.removeEventListener("fullscreenchange", change);
      document.removeEventListener("keydown", press);
    };
  }, [root, toggle]);
  return { available, on, toggle };
}

// TypeScript's DOM types lack the recogniser.
type Recogniser = {
  lang: string;
  onstart: () => void;
  onresult: (event: { results: Iterable<[{ transcript: string }]> }) => void;
  onerror: (event: { error: string }) => void;
  onend: () => void;
  start(): void;
  stop(): void;
};
type Speech = {
  SpeechRecognition?: new () => Recogniser;
  webkitSpeechRecognition?: new () => Recogniser;
};

const LISTENING = "Listening…";

function findRecogniser() {
  const speech = globalThis as Speech;
  return speech.SpeechRecognition ?? speech.webkitSpeechRecognition;
}

export function useVoice(onText: (text: string) => void) {
  const Recogniser = useBrowser(findRecogniser, undefined);
  const [note, setNote] = useState("");
  const current = useRef<Recogniser | null>(null);
  useEffect(() => () => current.current?.stop(), []);

  function toggle() {
    if (current.current || !Recogniser) return current.current?.stop();
    const voice = new Recogniser();
    current.current = voice;
    voice.lang = navigator.language;
    voice.onstart = () => setNote(LISTENING);
    voice.onresult = ({ results }) =>
      onText([...results].map(([best]) => best.transcript).join(" "));
    voice.onerror = ({ error }) => {
      setNote(
        error === "not-allowed"
          ? "The microphone is blocked for this page."
          : `Not understood (${error}).`,
      );
      setTimeout(() => setNote((was) => (was === LISTENING ? was : "")), 5000);
    };
    voice.onend = () => {
      current.current = null;
      setNote((was) => (was === LISTENING ? "" : was));
    };
    voice.start();
  }
  return { available: Boolean(Recogniser), listening: note === LISTENING, note, toggle };
}

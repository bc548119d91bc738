import { Widget } from "@/chat/Widget";
import { TITLE } from "@/config";

// How the page looks that this stands for.
const STYLE = {
  maxWidth: "40rem",
  margin: "4rem auto",
  paddingInline: "1rem",
  font: "1.0625rem/1.6 system-ui, sans-serif",
};

export default function Page() {
  return (
    <>
      <main style={STYLE}>
        <h1>{TITLE}</h1>
        <p>This stands for a page of your own. The chat is behind the button in its corner.</p>
      </main>
      <Widget />
    </>
  );
}

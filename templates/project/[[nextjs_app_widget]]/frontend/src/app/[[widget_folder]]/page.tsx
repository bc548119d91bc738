import { Widget } from "@/chat/Widget";
import { TITLE } from "@/config";

export default function Page() {
  return (
    <>
      <main>
        <h1>{TITLE}</h1>
        <p>This stands for a page of your own. The chat is behind the button in its corner.</p>
      </main>
      <Widget />
    </>
  );
}

import { Chat } from "@/chat/Chat";

export default function Page() {
  return (
    <div className="chat-page">
      <Chat />
    </div>
  );
}

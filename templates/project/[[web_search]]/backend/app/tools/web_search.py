"""OpenAI searches the web for the assistant; ChatKit shows the pages that an answer cites."""

from agents import WebSearchTool

from app.server import ChatServer
from app.tools.hosted import offer


def join(server: ChatServer) -> None:
    offer(server, WebSearchTool())

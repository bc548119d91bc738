"""OpenAI searches the files of your vector stores; FILE_SEARCH_STORES names them."""

import logging

from agents import FileSearchTool

from app.server import ChatServer
from app.tools.hosted import offer

logger = logging.getLogger(__name__)


def join(server: ChatServer) -> None:
    stores = server.settings.file_search_stores
    if not stores:
        logger.warning("file_search is left out: FILE_SEARCH_STORES is empty")
        return
    offer(server, FileSearchTool(vector_store_ids=stores, max_num_results=5))

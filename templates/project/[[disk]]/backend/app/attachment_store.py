"""The life of one attachment: announced to ChatKit by its owner, uploaded, shown, deleted.

Its address is signed and is all the permission there is: ChatKit's frame, which loads the pictures,
is a page of OpenAI, and browsers send our cookie to none of what such a page asks for.
"""

from contextvars import ContextVar
from typing import Any

from chatkit.store import AttachmentStore, NotFoundError
from chatkit.types import (
    Attachment,
    AttachmentCreateParams,
    AttachmentUploadDescriptor,
    FileAttachment,
    ImageAttachment,
)
from fastapi import HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import AnyUrl
from starlette.requests import ClientDisconnect

from app.config import Settings
from app.files import IMAGES, Files, clean_name, new_id
from app.identity import User
from app.signing import signing_keys
from app.stores.chat_store import ATTACHMENT, MAX_PAGE, ChatStore

# ChatKit wants absolute addresses and hands its stores no request. So the one that a request came
# to is kept here while it is answered, for when PUBLIC_URL does not say.
asked_at: ContextVar[str] = ContextVar("asked_at")

# Whatever a file turns out to be in a browser, it gets no scripts and no say on this origin.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private",
}


class Attachments(AttachmentStore[User]):
    def __init__(self, store: ChatStore, files: Files, settings: Settings) -> None:
        self.store = store
        self.files = files
        self.settings = settings
        self._addresses = URLSafeSerializer(signing_keys(settings), salt="attachments")

    async def create_attachment(self, input: AttachmentCreateParams, context: User) -> Attachment:
        type = input.mime_type.partition(";")[0].strip().lower()
        if type not in self.settings.file_types:
            raise HTTPException(415, "Files of this type cannot be attached.")
        check_size(input.size, self.settings.max_file_size)
        id = new_id()
        base = self.settings.public_url or asked_at.get()
        address = self._addresses.dumps([id, context.id])
        url = AnyUrl(f"{base.rstrip('/')}/attachments/{address}")
        known: dict[str, Any] = {
            "id": id,
            "name": clean_name(input.name),
            "mime_type": type,
            "upload_descriptor": AttachmentUploadDescriptor(url=url, method="PUT"),
        }
        if type in IMAGES:
            return ImageAttachment(**known, preview_url=url)
        return FileAttachment(**known)

    def _open(self, address: str) -> tuple[str, User]:
        try:
            id, user_id = self._addresses.loads(address)
        except BadSignature:
            raise NotFoundError from None
        return id, User(user_id)

    async def receive(self, address: str, request: Request) -> str:
        id, user = self._open(address)
        attachment = await self.store.load_attachment(id, user)
        if self.files.has(id):
            raise HTTPException(409, "This file was uploaded already.")
        draft = await run_in_threadpool(self.files.open_draft, id)
        try:
            async for chunk in request.stream():
                check_size(draft.tell() + len(chunk), self.settings.max_file_size)
                await run_in_threadpool(draft.write, chunk)
            await run_in_threadpool(self.files.keep, draft, id, attachment.mime_type)
        except ClientDisconnect:
            raise HTTPException(400, "The upload broke off.") from None
        finally:
            self.files.discard(draft)
        try:
            # Loaded again: meanwhile it may have been sent with a message, or deleted.
            attachment = await self.store.load_attachment(id, user)
        except NotFoundError:
            self.files.remove(id)
            raise
        done = attachment.model_copy(update={"upload_descriptor": None})
        await self.store.save_attachment(done, user)
        return id

    async def show(self, address: str) -> Response:
        id, user = self._open(address)
        attachment = await self.store.load_attachment(id, user)
        if not self.files.has(id):
            raise NotFoundError
        # Only what `receive` has found to be a picture is one.
        inline = attachment.mime_type in IMAGES
        return FileResponse(
            self.files.path(id),
            headers=HARMLESS,
            media_type=attachment.mime_type,
            filename=attachment.name,
            content_disposition_type="inline" if inline else "attachment",
        )

    async def delete_attachment(self, attachment_id: str, context: User) -> None:
        await self.store.load_attachment(attachment_id, context)  # the owner's, or not found
        self.files.remove(attachment_id)

    async def clean_up(self, thread_id: str, user: User) -> None:
        """Before a thread is deleted. A failure halfway leaves the thread, to be deleted again."""
        sent: list[Attachment] = []
        after = None
        key = {"user_id": user.id}
        while rows := await self.store.page("attachments", MAX_PAGE, after, False, **key):
            page = [ATTACHMENT.validate_json(row) for row in rows]
            sent += [attachment for attachment in page if attachment.thread_id == thread_id]
            after = page[-1].id
        for attachment in sent:
            self.files.remove(attachment.id)
            await self.store.delete_attachment(attachment.id, user)


def check_size(size: int, most: int) -> None:
    if size > most:
        raise HTTPException(413, f"A file may hold at most {most:,} bytes.")

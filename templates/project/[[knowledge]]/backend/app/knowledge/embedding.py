"""What a text means, as a vector from the provider's API. EMBEDDING_MODEL turns it on."""

import sys
from dataclasses import dataclass

from openai import OpenAI

from app.config import Settings
from app.llm import PROVIDERS, read_key

BATCH = 64  # texts in one request


@dataclass(frozen=True)
class Embedding:
    client: OpenAI
    model: str

    def of(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            answer = self.client.embeddings.create(
                model=self.model, input=batch, encoding_format="float"
            )
            vectors += [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]
        return vectors


def open_embedding(settings: Settings) -> Embedding | None:
    if not settings.embedding_model:
        return None
    name = settings.llm_provider
    provider = PROVIDERS.get(name)
    if provider is None:
        sys.exit(f"EMBEDDING_MODEL is set, but LLM_PROVIDER {name!r} has no embeddings.")
    client = OpenAI(
        base_url=settings.llm_base_url or provider.url,
        api_key=read_key(name, provider) if provider.key else "none",
        timeout=settings.llm_timeout,
    )
    return Embedding(client, settings.embedding_model)

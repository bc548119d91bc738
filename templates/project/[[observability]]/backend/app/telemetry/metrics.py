"""Every number that is kept. deploy/dashboard.json shows them, deploy/alerts.yml watches them."""

from prometheus_client import Counter, Gauge, Histogram

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)

REQUESTS = Histogram(
    "chat_request_seconds",
    "From a request to the beginning of its answer.",
    ["route", "status"],
    buckets=SECONDS,
)
FIRST_WORD = Histogram(
    "chat_first_word_seconds",
    "From a message to the first word of the model.",
    buckets=SECONDS,
)
TURNS = Counter("chat_turns", "Turns by how they ended: done, failed, left by the user.", ["end"])
ERRORS = Counter("chat_errors", "Turns that failed, by the error behind it.", ["cause"])
STREAMS = Gauge("chat_active_streams", "Turns under way.")
TOKENS = Counter("chat_tokens", "Tokens that the model read (input) and wrote (output).", ["kind"])
STORE = Histogram("chat_store_seconds", "Operations of the store.", ["operation"], buckets=SHORT)

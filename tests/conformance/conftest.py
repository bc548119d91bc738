from collections.abc import Callable, Iterator

import pytest

from tests.conformance.backend import STORES, URL, Backend, Chat, project
from tests.conformance.texts import TIME
from tests.conformance.visitor import Visitor
from tests.running import thread_id


@pytest.fixture(scope="session", params=[URL] if URL else STORES, ids=str)
def backend(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[str], str],
) -> Iterator[Backend]:
    if URL:
        yield Backend(URL)
    else:
        kind = request.param
        with project(tmp_path_factory.mktemp(kind), kind, new_database(kind)) as started:
            yield started


@pytest.fixture
def generated(backend: Backend) -> Backend:
    """For promises that the protocol leaves to each app."""
    if not backend.generated:
        pytest.skip("a promise of generated projects only")
    return backend


@pytest.fixture
def visitor(backend: Backend) -> Iterator[Visitor]:
    with backend.visitor() as visitor:
        yield visitor


@pytest.fixture(scope="session")
def chat(backend: Backend) -> Iterator[Chat]:
    """Three turns that every test may read and none may change."""
    with backend.visitor() as owner:
        first = owner.say("Hi")
        thread = thread_id(first)
        turns = [first, *(owner.say(text, thread) for text in (TIME, "Thank you"))]
        yield Chat(owner, thread, turns)


@pytest.fixture(scope="session")
def strangers_chat(backend: Backend) -> Iterator[Chat]:
    """Another visitor of the same backend, who has a thread of their own to try things on."""
    with backend.visitor() as stranger:
        turn = stranger.say(TIME)
        yield Chat(stranger, thread_id(turn), [turn])


@pytest.fixture(scope="module")
def talk(backend: Backend) -> Iterator[Chat]:
    """A thread that the tests of one module may add to."""
    with backend.visitor() as visitor:
        turn = visitor.say(TIME)
        yield Chat(visitor, thread_id(turn), [turn])

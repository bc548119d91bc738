"""What is installed. E21 and E22 are about npm packages: a later JavaScript suite holds them."""

from importlib.metadata import (
    PackageNotFoundError,
    distribution,
    packages_distributions,
    requires,
)

import pytest
from chatkit.agents import AgentContext


@pytest.mark.parametrize(
    ("module", "home"), [("chatkit", "openai-chatkit"), ("agents", "openai-agents")]
)
def test_e20_each_sdk_comes_from_a_distribution_of_another_name(module: str, home: str) -> None:
    """The backend depends on openai-chatkit and openai-agents; the short names are strangers."""
    assert set(packages_distributions()[module]) == {home}
    with pytest.raises(PackageNotFoundError):
        distribution(module)


def test_chatkit_sets_no_upper_bound_for_agents() -> None:
    """The backend bounds both SDKs itself, or a resolver would pair versions nobody has run."""
    (wanted,) = [r for r in requires("openai-chatkit") or () if r.startswith("openai-agents")]
    assert "<" not in wanted
    assert "==" not in wanted
    assert "~=" not in wanted


def test_e25_the_agent_context_has_no_stream_progress() -> None:
    """Tools of the backend report progress with `stream(ProgressUpdateEvent(...))`."""
    assert hasattr(AgentContext, "stream")
    assert not hasattr(AgentContext, "stream_progress")

"""Every rule is proven by running its WRONG, or it is said here why running cannot prove it."""

from tests.doctor import (  # noqa: F401 (they register what they prove)
    test_build_proofs,
    test_endpoint_proofs,
    test_machine_proofs,
    test_page_proofs,
    test_proofs,
    test_proxy_proofs,
    test_turn_proofs,
)
from tests.doctor.proving import PROVEN
from tests.doctor.test_rules import RULES

UNPROVEN = {
    "CK001": "it is about the doctor's own comments; test_diagnosis.py has them",
    "CK111": "only the provider refuses a placeholder, and asking it needs an account",
    "CK424": "Ollama drops the call of the tool: it needs a model of several GB",
    "CK517": "whether the script comes late is a race, and whether it comes at all depends on how"
    " people reach the page",
    "CK603": "nothing fails: the key that is written down is the harm",
}


def test_every_rule_is_proven_or_says_why_not() -> None:
    assert PROVEN | set(UNPROVEN) == set(RULES)
    assert PROVEN & set(UNPROVEN) == set()

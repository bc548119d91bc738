"""The card that asks the user: what would be done, and two buttons until it is answered."""

import json

from chatkit.types import ThreadItemReplacedEvent, WidgetItem
from chatkit.widgets import DynamicWidgetRoot

ALLOW, REFUSE = "approval.allow", "approval.refuse"

Call = dict[str, str]  # call_id, name and arguments, as the model wrote them


def question(call: Call) -> DynamicWidgetRoot:
    return card(
        call,
        confirm={"label": "Yes", "action": {"type": ALLOW, "payload": call}},
        cancel={"label": "No", "action": {"type": REFUSE}},
    )


def asked(item: WidgetItem) -> Call | None:
    """The call that a card asks about, until it is answered."""
    confirm = item.widget.model_dump().get("confirm")
    payload = confirm["action"]["payload"] if confirm else None
    return payload if confirm and confirm["action"]["type"] == ALLOW else None


def ticket(card: str) -> str:
    """The item that is there until a card is answered. It goes once, and never comes back."""
    return f"{card}_ticket"


def same(one: Call | None, other: Call) -> bool:
    return one is not None and one | {"call_id": ""} == other | {"call_id": ""}


def close(item: WidgetItem, text: str, icon: str) -> ThreadItemReplacedEvent:
    call = asked(item) or {}
    widget = card(call, status={"text": text, "icon": icon})
    return ThreadItemReplacedEvent(item=item.model_copy(update={"widget": widget}))


def card(call: Call, **more: object) -> DynamicWidgetRoot:
    # Plain text, and all of it: the model wrote it, and what is allowed is what is seen.
    title = f"{call['name'].replace('_', ' ').capitalize()}?"
    children = [{"type": "Title", "value": title, "size": "sm"}]
    for name, value in arguments_of(call).items():
        children.append({"type": "Text", "value": f"{name}: {value}"})
    return DynamicWidgetRoot.model_validate({"type": "Card", "children": children, **more})


def arguments_of(call: Call) -> dict[str, object]:
    try:
        return dict(json.loads(call["arguments"]))
    except (TypeError, ValueError):  # models write all kinds of things
        return {"arguments": call["arguments"]}

"""The strip over an act of two people: who asked for it, and who is asked now. (I6)"""

from typing import Any


def strip(wish: Any, act: str) -> list[dict[str, Any]]:
    """The two people of an act: who asked for it, and who is asked now."""
    if wish is None:
        return [
            {"step": "提请", "state": "now", "says": f"您的签名只是提请“{act}”"},
            {"step": "批准", "state": "next", "says": "另一位同事对同样的内容再办理一次，才会生效"},
        ]
    return [
        {"step": "提请", "state": "done", "who": str(wish.proposed_by), "unit": str(wish.unit or ""),
         "at": wish.proposed_at, "key": "优盾已签名"},
        {"step": "批准", "state": "now", "says": "内容完全一致；您签名后立即生效"},
    ]  # fmt: skip

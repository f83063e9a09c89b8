"""Text messages in the memory of one process: applicants of the simulation ask for tens of thousands."""

from typing import ClassVar

from yangguang.gateways.sms import Message, Sent, check_message


class MemorySms:
    """Keeps the newest message to each number."""

    outbox: ClassVar[dict[str, Message]] = {}

    def send(self, phone: str, text: str, ref: str) -> Sent:
        check_message(phone, text, ref)
        self.outbox[phone] = Message(ref, phone, text)
        return Sent(ref, f"fake-{ref}")

    def messages(self, phone: str) -> list[Message]:
        """The newest message to one number; older ones are forgotten."""
        return [self.outbox[phone]] if phone in self.outbox else []

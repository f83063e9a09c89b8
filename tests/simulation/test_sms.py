"""Text messages in memory: the newest one to each number."""

from yangguang.simulation.sms import MemorySms


def test_the_newest_message_to_a_number_is_kept_and_a_reference_has_one_provider_id() -> None:
    sms = MemorySms()

    sent = [sms.send("15400000001", text, ref) for text, ref in (("一", "r1"), ("二", "r2"), ("二", "r2"))]

    assert [message.text for message in sms.messages("15400000001")] == ["二"]
    assert sms.messages("15400000002") == []
    assert sent[1] == sent[2]

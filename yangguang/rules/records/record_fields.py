"""The fields of a record that its student can report as wrong. (F-B10)"""

FIELDS = {
    "name": "姓名",
    "id_number": "证件号码",
    "sex": "性别",
    "born_on": "出生日期",
    "school": "学校",
    "major": "专业",
    "programme_type": "培养类型",
    "entered_on": "入学日期",
    "school_class": "班级",
}
"""Key → label."""

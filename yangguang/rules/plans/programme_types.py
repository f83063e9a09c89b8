"""The types of programmes by length and by what follows them. (S24-A1.06, S24-A2.04, R7.03)"""

from yangguang.rules.base.labels import Labelled


class ProgrammeType(Labelled):
    """培养类型. The first three years of 五年一贯制 and 3+2 are secondary; a place in 3+2 counts as one seat.

    Which of them an intake year has is the rule row `programme.types`: 3+2, 五年一贯制 and 3+4 end where 专科贯通 and
    本科贯通 begin.
    """

    THREE_YEAR = "three_year", "三年制"
    THREE_PLUS_TWO = "three_plus_two", "3+2"
    FIVE_YEAR = "five_year", "五年一贯制"
    THREE_PLUS_FOUR = "three_plus_four", "3+4"
    BACHELOR_PATHWAY = "bachelor_pathway", "本科贯通"
    COLLEGE_PATHWAY = "college_pathway", "专科贯通"
    ONE_YEAR = "one_year", "一年制"
    AFTER_HIGH_SCHOOL = "after_high_school", "高中起点"

"""The files of open data have the numbers of the pages."""

import csv
import io

from tests.support.builders.public_season import PublicSeason


def test_open_data_has_the_numbers_of_the_pages_and_runs_no_formula(public_season: PublicSeason) -> None:
    public_season.school("=乙市校")
    table = list(csv.DictReader(io.StringIO(public_season.get("/open-data/schools.csv").content.decode("utf-8-sig"))))

    assert [(row["学校名称"], row["计划数（人，不含专门编班）"]) for row in table] == [
        ("'=乙市校", "50"),
        ("甲市第一职业学校", "50"),
    ]
    document = public_season.get("/open-data/plans.json").json()

    assert [(row["school"], row["left"]) for row in document["rows"]] == [("=乙市校", 50), ("甲市第一职业学校", 50)]
    results = public_season.get("/open-data/results-2.json").json()["rows"]

    assert [row["admitted"] for row in results] == [12, 12]
    assert public_season.get("/open-data/persons.csv").status_code == 404
    assert "招生学校名录" in public_season.text("/open-data/")
    assert "前面加了一个英文撇号" in public_season.text("/open-data/")

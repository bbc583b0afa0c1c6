"""What the reports of a list are called: names that every system can hold, each once."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.errors import UserError
from reportkit.model.names import misfit
from reportkit.sets.output_names import named, output_name
from reportkit.sets.places import ParameterSet, Where


def sets(*towns, **more) -> list[ParameterSet]:
    return [
        ParameterSet({"town": town, "year": 2024, **more}, Where("a.csv", row, row))
        for row, town in enumerate(towns, 2)
    ]


def told(found: list[ParameterSet], template: str = "{year}/{town}", subject: str = "town") -> list[str]:
    with pytest.raises(UserError) as error:
        named(found, template, subject)
    return str(error.value).splitlines()


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{year}/{town}", "2024/Alderbrook"), ("{town}", "Alderbrook"), ("{year:06}-{town:.3}", "002024-Ald"), ("a{{b}}/{town}", "a{b}/Alderbrook"),
        ("{rate:.2f} {full} {day}", "1.50 True 2024-01-31"), ("{镇}", "宁海县"), ("{town}{town}", "AlderbrookAlderbrook"),
    ],
)  # fmt: skip
def test_a_template_is_filled_in(template, name):
    values = {"town": "Alderbrook", "year": 2024, "rate": 1.5, "full": True, "day": "2024-01-31", "镇": "宁海县"}
    assert output_name(template, values) == name


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{twon}", "the output name asks for twon, which is not given; the values given are: town, year, tags, blank, inf"),
        ("{none}", "the output name asks for none, which is not given"), ("{blank}", "the output name asks for blank, which is blank"),
        ("{tags}", "the output name asks for tags, and a list or a mapping is no name"), ("{town", "is no output name"), ("{}", "is no output name"),
        ("{town!r}", "is no output name"), ("{town.__class__}", "is no output name"), ("{town[0]}", "is no output name"), ("{0}", "is no output name"),
        ("{year:{town}}", "is no output name"), ("{year:99999d}", "is no output name"), ("{year:/>9}", "a slash stands within braces"),
        ("{town:d}", "the output name asks for town as 'd', and 'A/B' cannot be written so"), ("{inf:c}", "cannot be written so"),
        ("{town}", "'A/B' has the sign /, which no name of a file can have"), ("/{year}", "the output name has an empty part"),
        ("{year}//{year}", "the output name has an empty part"), ("{year}/", "the output name has an empty part"),
        ("../{year}", "'..' begins with a dot"), ("{year}/.x", "'.x' begins with a dot"), ("{year}.", "'2024.' begins with a dot, ~ or a space, or ends with"),
        ("C:\\{year}", "has the sign"), ("con.{year}", "'con.2024' is a name that Windows keeps for itself"),
    ],
)  # fmt: skip
def test_what_is_no_name_is_told(template, why):
    values = {"town": "A/B", "year": 2024, "tags": [1], "blank": " ", "none": None, "inf": float("inf")}
    with pytest.raises(ValueError, match=re.escape(why)):
        output_name(template, values)


@pytest.mark.parametrize(
    ("town", "why"),
    [
        ("..", "begins with a dot"), (" A", "begins with a dot, ~ or a space"), ("A.", "ends with a dot"), ("~A", "begins with a dot, ~"),
        ("nul", "is a name that Windows keeps for itself"), ("A\\B", "has the sign \\"), ("A:B", "has the sign :"), ("A\x1bB", "has the sign U+001B"),
        ("A\u200bB", "has the sign U+200B"), ("A\u202eB", "has the sign U+202E"), ("A\u3164B", "has the sign U+3164"), ("A\nB", "has the sign U+000A"),
        ("镇" * 67, "is too long for the name of a file: 201 bytes, at most 200"), ("x" * 100_000, "is too long for the name of a file"),
    ],
)  # fmt: skip
def test_a_value_that_is_no_name_is_told(town, why):
    with pytest.raises(ValueError, match=re.escape(why)) as error:
        output_name("{town}", {"town": town})
    assert len(str(error.value)) < 300


@given(st.text(max_size=80))
def test_a_name_is_one_that_every_system_can_hold(town):
    try:
        name = output_name("{town}", {"town": town})
    except ValueError:
        return
    assert (name, misfit(name)) == (town, None)


def test_sets_stand_under_their_names_in_order():
    found = sets("Birchfield", "Alderbrook")
    assert list(named(found, "{year}/{town}", "town").items()) == [
        ("2024/Birchfield", found[0]),
        ("2024/Alderbrook", found[1]),
    ]
    assert list(named(found, "{town}", "")) == ["Birchfield", "Alderbrook"]


def test_two_sets_for_one_output_are_told_with_both_places():
    assert told(sets("A", "B", "A", "a")) == [
        "a.csv, row 4: its output 2024/A is that of row 2, too; name another parameter in the output name as well",
        "a.csv, row 5: its output 2024/a and 2024/A of row 2 are one file on Windows and macOS; give one another name",
    ]
    assert told(sets("Elmswörth", "Elmswo\u0308rth"))[0].startswith("a.csv, row 3: its output")
    assert told(sets("STRASSE", "Straße"))[0].startswith("a.csv, row 3: its output")


def test_a_subject_of_which_nothing_is_seen_is_told():
    words = "is the subject of the report, and no value is given for it"
    assert told(sets("A", " ", None, subject=1), "{year}-{town}")[0] == f"a.csv, row 3, column town: {words}"
    assert told(sets("A"), "{town}", "place") == [f"a.csv, row 2, column place: {words}"]
    found = told(sets("A\u200b", "B"), "{subject}", "town")
    assert "a.csv, row 2, column town: 'A\\u200b' has a sign that nobody sees, U+200B; delete it" in found


def test_a_template_for_many_names_a_parameter():
    assert told(sets("A"), "report") == [
        "the output name 'report' names no parameter, so that all reports would be one; "
        "write one in braces that tells them apart, such as {town}"
    ]
    assert told(sets("A"), "{town")[0].startswith("'{town' is no output name")


def test_of_many_faults_the_number_is_told():
    found = told(sets(*["A"] * 1000))
    assert (len(found), found[-1]) == (21, "…and 979 more faults of this list")

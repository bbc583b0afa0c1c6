"""The bill of materials: what CycloneDX requires of one, and that it is this installation's."""

import json
import re
from importlib import metadata

import pytest
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from reportkit.batch.sbom import _licence, sbom
from reportkit.cli import app
from reportkit.errors import UserError

# Of the schema of CycloneDX 1.6: what it requires, the values that it allows, and the patterns.
TYPES = {"application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver",
         "firmware", "file", "machine-learning-model", "data", "cryptographic-asset"}  # fmt: skip
TOP = {"bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"}
COMPONENT = {"type", "bom-ref", "name", "version", "purl", "licenses"}
SERIAL = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def bill():
    return json.loads(json.dumps(sbom()))


def test_it_has_what_the_schema_requires(bill):
    assert set(bill) == TOP
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert SERIAL.fullmatch(bill["serialNumber"])
    components = [bill["metadata"]["component"], *bill["components"]]
    for component in components:
        assert set(component) <= COMPONENT
        assert component["type"] in TYPES
        assert component["name"]
        assert re.fullmatch(r"pkg:pypi/[a-z0-9-]+@\S+", component.get("purl", "pkg:pypi/a@1"))
        for licence in component.get("licenses", ()):
            assert set(licence) in ({"expression"}, {"license"})
            assert "license" not in licence or set(licence["license"]) == {"name"}
    refs = [component["bom-ref"] for component in components]
    assert len(refs) == len(set(refs))
    assert sorted(each["ref"] for each in bill["dependencies"]) == sorted(set(refs) - {"python"})
    for each in bill["dependencies"]:
        assert set(each["dependsOn"]) <= set(refs)
        assert len(each["dependsOn"]) == len(set(each["dependsOn"]))


def test_it_lists_this_installation(bill):
    listed = {component["purl"] for component in bill["components"] if "purl" in component}
    there = {f"pkg:pypi/{canonicalize_name(each.name)}@{each.version}" for each in metadata.distributions()}
    assert listed == {purl for purl in there if not purl.startswith("pkg:pypi/reportkit@")}
    (own,) = [each for each in bill["dependencies"] if each["ref"].startswith("pkg:pypi/reportkit@")]
    names = {ref.partition("@")[0] for ref in own["dependsOn"]}
    assert {"python", "pkg:pypi/papermill", "pkg:pypi/nbconvert", "pkg:pypi/pandas"} <= names
    assert "pkg:pypi/distributed" not in names  # which an extra alone asks for


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_folder_is_no_file_to_write_to(folder):
    with pytest.raises(UserError, match=r"\.: Is a directory; nothing was changed there"):
        CliRunner().invoke(app, ["sbom", "-o", folder], catch_exceptions=False)


def test_it_is_the_same_each_time(bill, tmp_path):
    path = tmp_path / "SBOM.cdx.json"
    done = CliRunner().invoke(app, ["sbom", "-o", str(path)])
    assert (done.exit_code, done.output) == (0, f"written {path} ({len(bill['components'])} components)\n")
    assert json.loads(path.read_text(encoding="utf-8")) == bill


@pytest.mark.parametrize(
    ("about", "licence"),
    [
        ({"license_expression": "MIT OR BSD-3-Clause", "license": "x"}, {"expression": "MIT OR BSD-3-Clause"}),
        ({"license": "BSD"}, {"license": {"name": "BSD"}}),
        ({"license": "A text\nof many lines", "classifier": ["License :: OSI Approved :: MIT License"]}, {"license": {"name": "MIT License"}}),
        ({}, {}),
    ],
)  # fmt: skip
def test_a_licence_is_what_the_package_says(about, licence):
    assert _licence(about) == licence

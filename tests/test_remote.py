"""Parameter files and reports in a store: memory:// in this process, S3 from a server on loopback."""

import hashlib
import json
import logging
import sys
import warnings

import pytest

from reportkit.batch import run
from reportkit.batch.incremental import Plan, update
from reportkit.batch.placement import lay_down, put_in_place, withdraw, write_all
from reportkit.errors import ReaderError, UserError
from reportkit.files.locations import is_remote, listing, location, read, write
from reportkit.notebook.towns import towns_with_copies
from reportkit.overview import State, survey
from reportkit.project import load_project, parameter_files, plan, selected
from reportkit.project.siblings import folders_of
from support import commands
from support.offices import GOOD, Here, files, office
from support.repository import ROOT

fsspec = pytest.importorskip("fsspec")
pytest.importorskip("upath")

TOWNS = ("甲镇", "乙镇")


@pytest.fixture
def store():
    """An empty memory:// of this test's own."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return location("memory://office")


@pytest.fixture
def county(tmp_path, store):
    """A project on this machine whose towns and reports are in the store."""
    office(tmp_path)
    (tmp_path / "reportkit.toml").write_text(f'params = "{store}/params"\ndist = "{store}/dist"\n', encoding="utf-8")
    write({store / f"params/2019/宁海县/{town}.yaml": GOOD.replace("桑洲镇", town).encode() for town in TOWNS})
    return load_project(tmp_path)


def bring(project, **options):
    """The outcomes of a build in this process, the only one that sees memory://, and why each report was made."""
    plans: list[Plan] = []
    jobs = plan(project, [], ["html"])
    outcomes = list(update(project, jobs, lambda _: Here(), announce=plans.append, **options))
    return {o.job.params.stem: o for o in outcomes}, {job.params.stem: why for job, why in plans[0].stale}


def stored(folder):
    return {name.as_posix(): read(folder / name) for name in listing(folder)}


@pytest.mark.parametrize(
    ("text", "words"),
    [("nosuch://x/y", "not an address that fsspec knows"), ("gs://x/y", "Please install gcsfs")],
)
def test_an_address_that_cannot_be_used(text, words):
    with pytest.raises(UserError, match=words):
        location(text)


@pytest.mark.parametrize(("text", "extra"), [("s3://a/b", "s3"), ("memory://a", "remote")])
def test_a_missing_package_is_named(monkeypatch, text, extra):
    monkeypatch.setitem(sys.modules, "upath", None)
    with pytest.raises(UserError, match=rf"pip install 'reportkit\[{extra}\]'"):
        location(text)


def test_local_places_stay_paths(tmp_path):
    assert location("a/b") == location("b", location("a"))
    assert location(str(tmp_path)) == location(f"file://{tmp_path}") == location(str(tmp_path), ROOT) == tmp_path
    assert not is_remote(location(f"file://{tmp_path}"))


def test_forms_stay_on_this_machine(tmp_path):
    (tmp_path / "reportkit.toml").write_text('forms = "memory://forms"', encoding="utf-8")
    with pytest.raises(UserError, match="forms is a folder on this machine"):
        load_project(tmp_path)


def test_parameter_files_of_a_store(county, store):
    write({store / f"params/{name}": b"x" for name in ("a.txt", ".b.yaml", "~c/d.yaml", "e[1]?.yml")})
    names = ["2019/宁海县/乙镇.yaml", "2019/宁海县/甲镇.yaml", "e[1]?.yml"]
    assert parameter_files(store / "params") == [store / "params" / name for name in names]
    file = store / "params" / names[0]
    assert [(path, str(inside)) for path, inside in selected(county, [file])] == [(file, names[0])]
    assert [str(inside) for _, inside in selected(county, [store / "params/2019"])] == names[:2]
    assert county.find(2019, "乙镇") == file
    assert county.jurisdictions == {*TOWNS, "e[1]?"}
    (job,) = plan(county, [file], ["html"])
    assert (str(job.target), job.name) == ("memory://office/dist/2019/宁海县/乙镇", "2019/宁海县/乙镇")


@pytest.mark.parametrize("name", ["params/2031", "params/2019/宁海县/丙镇.yaml"])
def test_what_is_not_in_the_store_is_told(county, store, name):
    with pytest.raises(UserError, match=f"memory://office/{name}: no such file or folder"):
        plan(county, [store / name], ["html"])


def test_a_file_that_went_away_is_an_issue(county, store):
    with pytest.raises(ReaderError, match=r"memory://office/params/2019/丙镇\.yaml Y1 error 文件不存在"):
        county.read(store / "params/2019/丙镇.yaml")


def test_the_folder_s_year_counts_in_a_store_too(county, store):
    write({store / "params/2020/甲镇.yaml": GOOD.encode()})
    issues = county.read(store / "params/2020/甲镇.yaml").notes
    assert [(issue.code, str(issue.origin).split(":")[0]) for issue in issues] == [("J1", "memory"), ("J2", "memory")]


@pytest.mark.usefixtures("warm_workers")
def test_reports_from_a_store_into_a_store(county, store, tmp_path):
    outcomes, why = bring(county)
    assert {town: outcome.status for town, outcome in outcomes.items()} == dict.fromkeys(TOWNS, "built")
    assert why == dict.fromkeys(TOWNS, "new")
    made = stored(store / "dist")
    manifest = read(store / "dist/MANIFEST.sha256").decode().splitlines()
    del made["MANIFEST.sha256"]
    assert sorted(manifest) == sorted(
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in made.items()
    )
    assert set(made) == {f"2019/宁海县/{town}.{suffix}" for town in TOWNS for suffix in ("html", "ipynb")}
    assert len(list(tmp_path.glob(".reportkit/*/journal.sqlite"))) == 1
    for paths in ([], [store / "params/2019"], [store / "params"]):
        assert survey(county, paths).counts == {State.built: 2}

    local = office(tmp_path / "local", *TOWNS)
    assert {outcome.status for outcome in run(plan(local, [], ["html"]))} == {"built"}
    assert files(local.dist) == made


def test_a_store_is_brought_up_to_date(county, store):
    bring(county)
    assert bring(county)[1] == {}
    town = store / f"params/2019/宁海县/{TOWNS[0]}.yaml"
    write({town: read(town).replace("本年度无其他".encode(), "本年度没有其他".encode())})
    assert bring(county)[1] == {TOWNS[0]: f"{town} changed"}
    fsspec.filesystem("memory").rm_file(f"/office/dist/2019/宁海县/{TOWNS[1]}.html")
    assert bring(county)[1] == {TOWNS[1]: f"{TOWNS[1]}.html is missing"}
    write({store / f"dist/2019/宁海县/{TOWNS[1]}.html": b"by hand"})
    assert bring(county)[1] == {TOWNS[1]: f"{TOWNS[1]}.html was changed by hand"}
    assert bring(county, force=True)[1] == dict.fromkeys(TOWNS, "--force")


def test_a_town_that_is_gone_leaves_the_manifest(county, store):
    bring(county)
    fsspec.filesystem("memory").rm_file(f"/office/params/2019/宁海县/{TOWNS[0]}.yaml")
    bring(county, force=True)
    manifest = read(store / "dist/MANIFEST.sha256").decode()
    assert TOWNS[1] in manifest
    assert TOWNS[0] not in manifest


def test_a_town_that_is_gone_takes_its_pages_out_of_the_store(county, store):
    bring(county)
    page = read(store / f"dist/2019/宁海县/{TOWNS[0]}.html")
    fsspec.filesystem("memory").rm_file(f"/office/params/2019/宁海县/{TOWNS[0]}.yaml")
    bring(county, covered=[county.params])
    assert [name for name in stored(store / "dist") if TOWNS[0] in name] == []
    assert (county.root / f".reportkit/withdrawn/2019/宁海县/{TOWNS[0]}.html").read_bytes() == page
    assert bring(county, covered=[county.params])[1] == {}


def test_last_year_s_file_in_the_store_is_a_reason(county, store):
    bring(county)
    text = read(store / f"params/2019/宁海县/{TOWNS[0]}.yaml").decode()
    write({store / f"params/2020/新县/{TOWNS[0]}.yaml": text.replace("year: 2019", "year: 2020").encode()})
    assert bring(county)[1] == {TOWNS[0]: "new"}
    folders_of.cache_clear()  # as in the next process
    assert bring(county)[1] == {}
    write({store / f"params/2019/宁海县/{TOWNS[0]}.yaml": f"{text}# 已核\n".encode()})
    plans: list[Plan] = []
    update_all(county, plans)
    assert [reason.rpartition("/")[2] for _, reason in plans[0].stale] == [f"{TOWNS[0]}.yaml changed"] * 2


def update_all(project, plans):
    list(update(project, plan(project, [], ["html"]), lambda _: Here(), announce=plans.append))


def test_a_report_that_no_longer_holds_is_withdrawn(county, store):
    bring(county)
    town = store / f"params/2019/宁海县/{TOWNS[0]}.yaml"
    write({town: read(town).replace("自然人: 0, 总计: 0".encode(), "自然人: 1, 总计: 0".encode())})
    assert bring(county)[0][TOWNS[0]].status == "invalid"
    assert {name for name in stored(store / "dist") if TOWNS[0] in name} == set()


def test_changed_cells_are_kept_in_a_store(county, store):
    bring(county)
    notebook = store / f"dist/2019/宁海县/{TOWNS[0]}.ipynb"
    edited = read(notebook).replace(b'"report.title"', b'"report.title  "', 1)
    write({notebook: edited})
    assert withdraw(notebook.with_suffix("")) == [notebook.with_suffix(".html")]
    told = put_in_place(lay_down({notebook: b"new"}, store / "dist"), [notebook])
    assert told.startswith(f"{TOWNS[0]}.edited.ipynb: ")
    assert read(notebook.with_name(f"{TOWNS[0]}.edited.ipynb")) == edited
    assert read(notebook) == b"new"


@pytest.mark.parametrize("copies_too", [False, True])
def test_an_edit_in_a_stored_output_is_carried_over(county, store, copies_too):
    if copies_too:
        config = county.root / "reportkit.toml"
        config.write_text(config.read_text(encoding="utf-8") + f'copies = "{store}/towns"\n', encoding="utf-8")
        county = load_project(county.root)
    bring(county)
    notebook = store / f"dist/2019/宁海县/{TOWNS[0]}.ipynb"
    nb = json.loads(read(notebook))
    (cell,) = [each for each in nb["cells"] if each["id"] == "overview"]
    cell["source"] = cell["source"].replace("遵循公正", "一贯遵循公正")
    write({notebook: json.dumps(nb).encode()})
    made = bring(county)[0][TOWNS[0]]
    name = f"2019/宁海县/{TOWNS[0]}"
    assert made.reason == f"甲镇.ipynb: edited cells overview were carried over to {county.copies / name}.ipynb"
    assert "一贯遵循公正" in read(store / f"dist/{name}.html").decode()
    assert {outcome.status for outcome in bring(county)[0].values()} == {"up-to-date"}
    assert towns_with_copies(county) == [name]


def test_a_store_s_fault_is_a_failed_outcome_and_withdraws_nothing(county, store, monkeypatch):
    bring(county)
    before = stored(store / "dist")

    class NoCredentialsError(Exception):
        """As botocore has it: not an OSError."""

    def refuse(*_, **__):
        raise NoCredentialsError("Unable to locate credentials")

    memory = fsspec.filesystem("memory")
    jobs = plan(county, [], ["html"])
    for function, force in (("cat_file", False), ("pipe_file", True)):
        with monkeypatch.context() as patched:
            patched.setattr(type(memory), function, refuse)
            for outcome in run(jobs):
                assert outcome.status == "failed"
                assert "Unable to locate credentials (NoCredentialsError); check the address" in outcome.reason
            with pytest.raises(UserError, match="Unable to locate credentials"):
                bring(county, force=force)
    assert stored(store / "dist") == before


@pytest.mark.usefixtures("chinese")
def test_a_master_in_a_store(county, store, tmp_path):
    write({store / "master.ipynb": county.notebook.read_bytes()})
    with (tmp_path / "reportkit.toml").open("a", encoding="utf-8") as file:
        file.write(f'notebook = "{store}/master.ipynb"\n')
    project = load_project(tmp_path)
    assert {outcome.status for outcome in bring(project)[0].values()} == {"built"}
    assert bring(project)[1] == {}
    write({store / "master.ipynb": b"{}"})
    with pytest.raises(UserError, match=r"memory://office/master\.ipynb: 不是第 4 版格式的笔记本"):
        bring(project)


def test_a_report_from_another_file_is_not_up_to_date(county, store):
    bring(county)
    write({store / f"params/2019/宁海县/{TOWNS[0]}.yml": read(store / f"params/2019/宁海县/{TOWNS[0]}.yaml")})
    jobs = plan(county, [store / f"params/2019/宁海县/{TOWNS[0]}.yml"], ["html"])
    assert [outcome.status for outcome in update(county, jobs, lambda _: Here())] == ["built"]


def test_nothing_of_ours_stays_in_a_store(store):
    write_all({store / "a/b.html": b"x"}, store)
    assert stored(store) == {"a/b.html": b"x"}


# ---- S3, with the real command line


@pytest.fixture(scope="module")
def server():
    """The environment that leads to moto, which answers for Amazon."""
    pytest.importorskip("s3fs")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    host, port = server.get_host_and_port()
    yield {
        "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_MAX_ATTEMPTS": "1",
    }  # fmt: skip
    server.stop()


@pytest.fixture(scope="module")
def bucket(server):
    """The bucket `county` with the two towns."""
    s3 = pytest.importorskip("boto3").resource(
        "s3", endpoint_url=server["AWS_ENDPOINT_URL"], region_name="us-east-1",
        aws_access_key_id="nobody", aws_secret_access_key="secret",
    )  # fmt: skip
    bucket = s3.create_bucket(Bucket="county")
    for town in TOWNS:
        bucket.put_object(Key=f"params/2019/宁海县/{town}.yaml", Body=GOOD.replace("桑洲镇", town).encode())
    return bucket


def reportkit(server, cwd, *arguments, **environment):
    return commands.reportkit(cwd, *arguments, **server | environment)


@pytest.mark.slow
def test_s3_from_the_command_line(server, bucket, tmp_path):
    here = office(tmp_path / "here").root
    local = office(tmp_path / "local", *TOWNS)

    def build():
        done = reportkit(server, here, "build", "s3://county/params", "--out", "s3://county/dist", "--why", "-j1")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.rpartition(" (")[0]

    first = build()
    assert "built s3://county/dist/2019/宁海县/甲镇.html s3://county/dist/2019/宁海县/甲镇.pdf" in first
    assert first.endswith("2 built")
    assert build() == "2 up to date"

    assert reportkit(server, local.root, "build").returncode == 0
    made = {o.key: o.get()["Body"].read() for o in bucket.objects.filter(Prefix="dist/")}
    assert made == {f"dist/{name}": content for name, content in files(local.dist).items()}

    params = f"params/2019/宁海县/{TOWNS[0]}.yaml"
    bucket.put_object(
        Key=params, Body=GOOD.replace("本年度无其他", "本年度没有其他").replace("桑洲镇", TOWNS[0]).encode()
    )
    changed = build()
    assert changed.startswith(f"s3://county/{params}: s3://county/{params} changed\n")
    assert changed.endswith("1 built, 1 up to date")

    bucket.Object(f"dist/2019/宁海县/{TOWNS[1]}.pdf").delete()
    gone = build()
    assert gone.startswith(f"s3://county/params/2019/宁海县/{TOWNS[1]}.yaml: {TOWNS[1]}.pdf is missing\n")
    assert gone.endswith("1 built, 1 up to date")

    done = reportkit(server, here, "check", "s3://county/params")
    assert (done.returncode, done.stderr.split(",")[0]) == (0, "2 checked")


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        pytest.param(["s3://nowhere-at-all/params"], {}, "The specified bucket does not exist", marks=pytest.mark.slow),
        (["s3://county/params", "--out", "s3://nowhere-at-all/dist"], {}, "The specified bucket does not exist"),
        (["s3://county/parms"], {}, "no such file or folder"),
        (["s3://county/params"], {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentials"),
        (["s3://county/params"], {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "Could not connect"),
    ],
)
def test_what_is_wrong_with_s3_is_a_message(server, tmp_path, arguments, environment, words):
    done = reportkit(server, office(tmp_path).root, "build", *arguments, **environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: s3://")
    assert words in done.stderr
    assert "Traceback" not in done.stderr

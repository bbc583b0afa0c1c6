"""Who can reach a Dask cluster: that of one build on this machine nobody, and others as Dask is told."""

import os

import pytest

from reportkit.errors import UserError

pytest.importorskip("distributed")
psutil = pytest.importorskip("psutil")


def test_it_listens_nowhere_and_does_what_it_is_given():
    from reportkit.batch.processes.dask import LOCAL, _connected

    before = psutil.Process().children()
    with _connected(LOCAL, 3) as client:
        assert sum(client.nthreads().values()) == 3
        assert client.submit(os.getpid, pure=False).result(10) == os.getpid()
        own = psutil.Process()
        assert [each for each in own.net_connections("all") if each.status == psutil.CONN_LISTEN] == []
        assert own.children() == before


@pytest.mark.parametrize(
    ("address", "settings", "words"),
    [
        ("tls://127.0.0.1:9", {}, "has no certificates"),
        ("tls://127.0.0.1:9", {"tls.ca-file": "a.pem", "tls.client.cert": "b.pem"}, "No such file"),
        ("tcp://127.0.0.1:9", {"require-encryption": True}, "asks for encryption"),
        ("127.0.0.1:9", {"require-encryption": True}, "asks for encryption"),
    ],
)
def test_an_address_and_a_configuration_that_disagree_about_tls(tmp_path, monkeypatch, address, settings, words):
    from dask import config

    from reportkit.batch.processes.dask import _connected

    monkeypatch.chdir(tmp_path)
    told = {f"distributed.comm.{name}": value for name, value in settings.items()}
    with config.set(told), pytest.raises(UserError) as error:
        _connected(address, 1).__enter__()
    assert str(error.value).startswith(f"--dask {address}: ")
    assert words in str(error.value)

"""Two WebHDFS clients of PyPI, fsspec and hdfs, against the server at argv[1]; scratch files below argv[2]. Prints `passed NAME` or `failed NAME: why`."""
import os
import sys
import traceback

import fsspec
from hdfs import InsecureClient

host, port = sys.argv[1].rsplit(":", 1)
work = sys.argv[2]


def check(name, body):
    try:
        body()
        print(f"passed {name}")
    except Exception as error:  # every failure is a result here
        print(f"failed {name}: {type(error).__name__}: {error}".replace("\n", " "))
        traceback.print_exc(file=sys.stderr)


files = fsspec.filesystem("webhdfs", host=host, port=int(port), user="hdfs")
blob = os.urandom(3_000_000)


def fsspec_write_and_read():
    with files.open("/fsspec/a", "wb") as out:
        out.write(blob)
    with files.open("/fsspec/a", "rb") as source:
        assert source.read() == blob
        source.seek(1_000_000)
        assert source.read(10) == blob[1_000_000:1_000_010]


def fsspec_list_and_info():
    assert [os.path.basename(each["name"]) for each in files.ls("/fsspec", detail=True)] == ["a"]
    assert files.info("/fsspec/a")["size"] == len(blob)
    assert files.exists("/fsspec/a") and not files.exists("/fsspec/b")
    assert files.isdir("/fsspec") and files.isfile("/fsspec/a")


def fsspec_move_and_copy():
    files.mv("/fsspec/a", "/fsspec/b")
    files.mkdirs("/fsspec/d/e", exist_ok=True)
    files.cp_file("/fsspec/b", "/fsspec/d/c")
    assert files.cat_file("/fsspec/d/c", start=5, end=25) == blob[5:25]
    assert sorted(files.find("/fsspec")) == ["/fsspec/b", "/fsspec/d/c"]


def fsspec_metadata():
    files.chmod("/fsspec/b", 600)
    files.set_replication("/fsspec/b", 1)
    assert files.ukey("/fsspec/b")
    assert files.content_summary("/fsspec")["fileCount"] == 2
    assert files.home_directory() == "/user/hdfs"


def fsspec_remove():
    files.rm("/fsspec", recursive=True)
    assert not files.exists("/fsspec")


def fsspec_errors():
    try:
        files.info("/nothing")
    except FileNotFoundError:
        return
    raise AssertionError("no FileNotFoundError")


client = InsecureClient(f"http://{host}:{port}", user="hdfs")


def hdfs_write_read():
    client.write("/hdfscli/text", data="one\ntwo\n", encoding="utf-8")
    client.write("/hdfscli/text", data="three\n", encoding="utf-8", append=True)
    with client.read("/hdfscli/text", encoding="utf-8") as source:
        assert source.read() == "one\ntwo\nthree\n"
    with client.read("/hdfscli/text", offset=4, length=3) as source:
        assert source.read() == b"two"


def hdfs_upload_download():
    path = os.path.join(work, "blob")
    with open(path, "wb") as out:
        out.write(blob)
    client.upload("/hdfscli/blob", path)
    client.download("/hdfscli/blob", path + ".back")
    with open(path + ".back", "rb") as source:
        assert source.read() == blob


def hdfs_tree():
    assert client.list("/hdfscli") == ["blob", "text"]
    assert [names for _, _, names in client.walk("/hdfscli")] == [["blob", "text"]]
    status = client.status("/hdfscli/blob")
    assert status["length"] == len(blob) and status["type"] == "FILE"
    assert client.content("/hdfscli")["fileCount"] == 2
    assert client.checksum("/hdfscli/blob")["algorithm"].startswith("MD5-of-")
    client.rename("/hdfscli/text", "/hdfscli/renamed")
    client.set_permission("/hdfscli/renamed", "640")
    client.set_owner("/hdfscli/renamed", owner="alice", group="staff")
    client.set_times("/hdfscli/renamed", modification_time=1_700_000_000_000)
    client.set_replication("/hdfscli/renamed", 1)
    client.delete("/hdfscli", recursive=True)
    assert client.status("/hdfscli", strict=False) is None


for name, body in list(globals().items()):
    if callable(body) and (name.startswith("fsspec_") or name.startswith("hdfs_")):
        check(name.replace("_", ".", 1), body)

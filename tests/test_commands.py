"""The commands of a technician: what they do, and in which words they refuse."""

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest

from app import cli, reachable
from app.data_folder import LOCK, FolderTaken, holding
from app.settings import Settings
from tests.support import mall
from tests.support.callers import refused
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.house import House
from tests.support.site import SiteServer

Run = Callable[..., tuple[int, str, str]]
OFFICER = ("--role", "officer", "--agency", "dkc")
HOLDER = """
import sys, time
from pathlib import Path
from app.data_folder import holding
with holding(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run a command in this process; returns status, output and complaints."""
    mask = os.umask(0)
    os.umask(mask)

    def run_command(*words: object, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        status = cli.main([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    yield run_command
    os.umask(mask)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mall.yaml"
    path.write_text(mall.SMALL_MALL, encoding="utf-8")
    return path


@pytest.fixture
def site(small_mall: Path, tmp_path: Path) -> Path:
    """Return a data folder of its own that holds the small mall."""
    folder = tmp_path / "site"
    folder.mkdir()
    shutil.copy(small_mall, Settings(data=folder).database)
    return folder


def revision(site: Path) -> int:
    return int(Disk(Settings(data=site).database).one("SELECT * FROM ledger_state")[1])


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def assert_one_sentence(said: str) -> None:
    assert said.count("\n") == 1, said
    assert said.endswith(".\n")
    assert "Traceback" not in said


# One program on a folder


def test_a_second_program_on_a_folder_is_refused(
    site: Path, file: Path, run: Run
) -> None:
    server = SiteServer(site)
    server.start()
    try:
        for words in ("serve", "demo", "migrate", f"import {file}"):
            status, _, said = run(*words.split(), "--data", site)

            assert status == 1
            assert said == (
                f"Antrean already runs on this folder (pid {server.pid}).\n"
            )
    finally:
        server.stop()

    assert run("migrate", "--data", site)[0] == 0


def test_a_killed_server_leaves_the_folder_free(site: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 (our own words)
        [sys.executable, "-c", HOLDER, site],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(FolderTaken, match=f"pid {process.pid}"), holding(site):
            pass
        process.kill()

    with holding(site):
        assert (site / LOCK).read_text() == f"{os.getpid()}\n"


# Beside a server


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (("user", "siti", *OFFICER), "durian-1234\n"),
        (("token", "K1"), ""),
    ],
)
def test_the_revision_rises_with_what_a_command_writes(
    site: Path, run: Run, words: tuple[str, ...], stdin: str
) -> None:
    before = revision(site)

    status, _, said = run(*words, "--data", site, stdin=stdin)

    assert (status, said) == (0, "")
    assert revision(site) == before + 1


def test_the_revision_rises_with_every_import(site: Path, file: Path, run: Run) -> None:
    before = revision(site)

    assert run("import", file, "--data", site)[0] == 0

    assert revision(site) == before + 1


def test_a_refused_command_leaves_the_revision(site: Path, run: Run) -> None:
    before = revision(site)

    status, _, said = run("token", "K9", "--data", site)

    assert (status, said) == (1, "There is no device K9.\n")
    assert revision(site) == before


async def test_pairs_a_screen_beside_the_server(
    house: House, clock: MovableClock, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "SystemClock", lambda: clock)
    asked = (await house.anyone.post("/pairings", {"kind": "kiosk"})).json()
    before = house.disk.one("SELECT revision FROM ledger_state")
    data = house.context.settings.data

    status, told, _ = run("pair", asked["code"], "K1", "--data", data)

    assert (status, told) == (0, "The screen becomes K1 within a few seconds.\n")
    assert house.disk.one("SELECT revision FROM ledger_state") == before + 1
    claim = {"claim": asked["claim"]}
    claimed = await house.anyone.post("/pairings/claim", claim, key="")
    assert claimed.status_code == 204
    newest = house.disk.one("SELECT revision FROM ledger_state")
    assert newest == before + 2


def test_an_unknown_code_is_told_with_how_long_codes_last(site: Path, run: Run) -> None:
    status, _, said = run("pair", "ABCDEF", "K1", "--data", site)

    assert status == 1
    assert said == "No screen shows this code; codes last 15 minutes.\n"


# Sentences


@pytest.mark.parametrize(
    "words",
    [
        ("serve", "--port", 0),
        ("migrate",),
        ("user", "siti", *OFFICER),
        ("token", "K1"),
        ("pair", "ABCDEF", "K1"),
    ],
)
def test_a_mistyped_folder_is_named_and_not_made(
    tmp_path: Path, run: Run, words: tuple[object, ...]
) -> None:
    folder = tmp_path / "stie"

    status, _, said = run(*words, "--data", folder, stdin="durian-1234\n")

    assert status == 1
    assert_one_sentence(said)
    assert f"There is no site in {folder} yet" in said
    assert not folder.exists()


@pytest.mark.parametrize(
    "words", [("serve",), ("demo",), ("migrate",), ("token", "K1")]
)
def test_a_file_is_no_data_folder(
    file: Path, run: Run, words: tuple[object, ...]
) -> None:
    status, _, said = run(*words, "--data", file)

    assert (status, said) == (1, f"{file}: This is no folder.\n")


@pytest.mark.parametrize(
    ("name", "cause"), [("none.yaml", "No such file"), ("", "Is a directory")]
)
def test_an_import_of_no_file_makes_nothing(
    tmp_path: Path, run: Run, name: str, cause: str
) -> None:
    data = tmp_path / "site"

    status, _, said = run("import", tmp_path / name, "--data", data)

    assert status == 1
    assert_one_sentence(said)
    assert cause in said
    assert not data.exists()


def test_an_import_with_wrong_lines_names_them(tmp_path: Path, run: Run) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("site: {}\n", encoding="utf-8")

    status, _, said = run("import", wrong, "--data", tmp_path / "site")

    assert status == 1
    assert f"{wrong}: line 1, site.name: is missing" in said
    assert said.endswith("\nNothing was imported.\n")


@pytest.mark.parametrize("words", [("serve", "--port", 0), ("token", "K1")])
@pytest.mark.parametrize("keep", [0, 20_000])
def test_a_corrupt_database_is_told_in_a_sentence(
    site: Path, run: Run, words: tuple[object, ...], keep: int
) -> None:
    database = Settings(data=site).database
    broken = database.read_bytes()[:keep] + b"\xff" * 9_000
    database.write_bytes(broken)

    status, _, said = run(*words, "--data", site)

    assert status == 1
    assert_one_sentence(said)
    assert said.startswith(f"The database {database} cannot be used: ")


@pytest.mark.parametrize(
    ("option", "variable", "told"),
    [
        ("70000", None, "--port must be at most 65535, not 70000.\n"),
        ("web", None, "--port must be a whole number, not 'web'.\n"),
        (None, "abc", "ANTREAN_PORT must be a whole number, not 'abc'.\n"),
    ],
)
def test_a_wrong_setting_is_named_as_it_was_given(
    site: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    option: str | None,
    variable: str | None,
    told: str,
) -> None:
    if variable is not None:
        monkeypatch.setenv("ANTREAN_PORT", variable)
    options = () if option is None else ("--port", option)

    status, _, said = run("serve", "--data", site, *options)

    assert (status, said) == (1, told)


def test_a_port_in_use_is_told(site: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        status, _, said = run("serve", "--data", site, "--port", port)

    assert status == 1
    assert_one_sentence(said)
    assert f"cannot listen on 127.0.0.1, port {port}" in said


def test_an_import_is_told_in_sentences(file: Path, tmp_path: Path, run: Run) -> None:
    status, told, said = run("import", file, "--data", tmp_path / "site")

    assert (status, said) == (0, "")
    first, second = told.splitlines()
    assert first.startswith("The mall now has 2 agencies, ")
    assert first.endswith(" and 2 kiosks.")
    assert second.startswith("In the database ")
    assert "(" not in told


# Members of staff


def test_an_agency_may_be_typed_in_any_case(site: Path, run: Run) -> None:
    status, told, _ = run(
        "user", "siti", *OFFICER, "--data", site, stdin="durian-1234\n"
    )

    assert (status, told) == (0, "siti may sign in.\n")
    disk = Disk(Settings(data=site).database)
    siti = disk.one("SELECT id FROM staff WHERE username = 'siti'")
    assert disk.rows("SELECT agency_id FROM staff_agency WHERE staff_id = ?", siti) == [
        mall.DKC
    ]


@pytest.mark.parametrize(
    ("words", "stdin", "told"),
    [
        (("siti", "--role", "officer"), "x" * 8, "needs an agency"),
        (("kep", "--role", "supervisor"), "x" * 8, "needs an agency"),
        ((" siti", *OFFICER), "x" * 8, "A user name has"),
        (("si\tti", *OFFICER), "x" * 8, "A user name has"),
        (("", *OFFICER), "x" * 8, "A user name has"),
        (("s" * 101, *OFFICER), "x" * 8, "A user name has"),
        (("siti", "--name", "Siti ", *OFFICER), "x" * 8, "A name has"),
        (("siti", "--name", "", *OFFICER), "x" * 8, "A name has"),
        (("sari", *OFFICER), "x" * 8, "sari exists already"),
        (("siti", *OFFICER, "--agency", "XYZ"), "x" * 8, "There is no agency XYZ"),
        (("siti", *OFFICER), "", "No password was given"),
        (("siti", *OFFICER), "\n", "No password was given"),
        (("siti", *OFFICER), "short\n", "A password has"),
        (("siti", *OFFICER), "x" * 201, "A password has"),
    ],
)
def test_who_could_not_sign_in_is_not_added(
    site: Path, run: Run, words: tuple[str, ...], stdin: str, told: str
) -> None:
    disk = Disk(Settings(data=site).database)
    before = disk.everything()

    status, _, said = run("user", "--data", site, *words, stdin=stdin)

    assert status == 1
    assert_one_sentence(said)
    assert told in said
    assert disk.everything() == before


# A private folder


def test_what_a_command_makes_is_its_owners_alone(
    file: Path, tmp_path: Path, run: Run
) -> None:
    data = tmp_path / "new" / "site"

    run("import", file, "--data", data)

    assert mode(data) == 0o700
    assert {mode(made) for made in data.iterdir()} == {0o600}


def test_a_folder_made_beforehand_is_closed(
    file: Path, tmp_path: Path, run: Run
) -> None:
    data = tmp_path / "made"
    data.mkdir()
    data.chmod(0o755)

    run("import", file, "--data", data)

    assert mode(data) == 0o700


def test_what_was_open_to_others_is_closed(site: Path, run: Run) -> None:
    site.chmod(0o755)
    Settings(data=site).database.chmod(0o644)
    foreign = site / "notes.txt"
    foreign.touch()
    foreign.chmod(0o644)

    run("token", "K1", "--data", site)

    assert mode(site) == 0o700
    assert mode(Settings(data=site).database) == 0o600
    assert mode(foreign) == 0o644


def test_a_folder_that_many_share_stays_open(site: Path, run: Run) -> None:
    site.chmod(0o1777)

    run("token", "K1", "--data", site)

    assert mode(site) == 0o1777
    assert mode(Settings(data=site).database) == 0o600


# Where the QR codes lead


@pytest.mark.parametrize("host", ["192.168.1.9", "localhost", "fd00::9"])
def test_a_named_address_is_the_one_that_is_told(host: str) -> None:
    assert reachable.reachable(host) == host


@pytest.mark.parametrize(
    ("routed", "own", "found"),
    [
        (["10.0.0.4"], ["10.1.0.4"], "10.0.0.4"),
        ([], ["127.0.0.1", "169.254.7.7", "10.1.0.4"], "10.1.0.4"),
        ([], ["127.0.0.1"], None),
    ],
)
def test_without_a_default_route_the_interfaces_are_asked(
    monkeypatch: pytest.MonkeyPatch,
    routed: list[str],
    own: list[str],
    found: str | None,
) -> None:
    monkeypatch.setattr(reachable, "_of_default_route", lambda: iter(routed))
    monkeypatch.setattr(reachable, "_of_interfaces", lambda: iter(own))
    monkeypatch.setattr(reachable, "_of_own_name", lambda: iter(["127.0.1.1"]))

    assert reachable.reachable("0.0.0.0") == found  # noqa: S104


def test_the_interfaces_are_read_from_the_kernel() -> None:
    assert "127.0.0.1" in reachable._of_interfaces()


@pytest.mark.parametrize(
    "url", ["antre.id", "ftp://antre.id", "http://", "http://a b", "http://h:x"]
)
def test_a_public_address_must_be_one(tmp_path: Path, run: Run, url: str) -> None:
    status, _, said = run("demo", "--public-url", url, "--data", tmp_path / "demo")

    assert status == 1
    assert "--public-url must be" in said
    assert not (tmp_path / "demo").exists()


# Screens that wait, sockets that lead nowhere, HEAD


async def test_the_oldest_screen_that_waits_makes_room_for_a_new_one(
    house: House,
) -> None:
    first, second, *_ = [
        (await house.anyone.post("/pairings", {"kind": "kiosk"})).json()
        for _ in range(100)
    ]
    body = {"code": first["code"], "device_id": mall.KIOSK_1}
    await house.admin.post("/pairings/approve", body, key="")
    for _ in range(2):
        newest = await house.anyone.post("/pairings", {"kind": "kiosk"})
        assert newest.status_code == 200

    assert house.disk.count("pairing") == 101
    dropped = {"code": second["code"], "device_id": mall.KIOSK_2}
    refused(await house.admin.post("/pairings/approve", dropped), 404, "not-found")
    claim = {"claim": first["claim"]}
    claimed = await house.anyone.post("/pairings/claim", claim, key="")
    assert claimed.status_code == 204


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/kiosk", "/"])
async def test_a_socket_to_an_unknown_path_meets_a_problem(
    house: House, path: str
) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    answer = await house.client.get(f"{house.url}{path}", headers=headers)

    refused(answer, 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/help", "/healthz", "/kiosk", "/nothing"])
async def test_head_answers_as_get_without_a_body(house: House, path: str) -> None:
    told = await house.client.get(f"{house.url}{path}")

    head = await house.client.head(f"{house.url}{path}")

    assert head.status_code == told.status_code
    for name in ("content-type", "content-length", "cache-control"):
        assert head.headers.get(name) == told.headers.get(name)
    assert head.content == b""
    assert told.content


async def test_head_changes_nothing_of_what_is_posted(house: House) -> None:
    answer = await house.client.head(f"{house.url}/api/v1/tickets")

    assert answer.status_code == 405


def test_a_database_of_a_newer_program_is_told(site: Path, run: Run) -> None:
    raw = sqlite3.connect(Settings(data=site).database)
    with raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    status, _, said = run("serve", "--port", 0, "--data", site)

    assert status == 1
    assert_one_sentence(said)
    assert "newer version" in said

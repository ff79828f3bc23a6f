"""The commands of a technician: what they do, and in which words they refuse."""

import re
import socket
import sqlite3
from pathlib import Path

import pytest

from app.settings import Settings
from tests.commands.conftest import Run
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.database import Disk

OFFICER = ("--role", "officer", "--agency", "dkc")


def revision(site: Path) -> int:
    return int(Disk(Settings(data=site).database).one("SELECT * FROM ledger_state")[1])


def assert_one_sentence(errors: str) -> None:
    assert errors.count("\n") == 1, errors
    assert errors.endswith(".\n")
    assert "Traceback" not in errors


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

    status, _, errors = run(*words, "--data", site, stdin=stdin)

    assert (status, errors) == (0, "")
    assert revision(site) == before + 1


def test_the_revision_rises_with_an_import(site: Path, file: Path, run: Run) -> None:
    before = revision(site)
    file.write_text(mall.SMALL_MALL.replace("Mal Kecil", "Mal Besar"), "utf-8")

    assert run("import", file, "--yes", "--data", site)[0] == 0

    assert revision(site) == before + 1


def test_a_refused_command_leaves_the_revision(site: Path, run: Run) -> None:
    before = revision(site)

    status, _, errors = run("token", "K9", "--data", site)

    assert (status, errors) == (1, "There is no device K9.\n")
    assert revision(site) == before


async def test_pairs_a_screen_beside_the_server(
    server: AppServer, clock: MovableClock, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.pair.SystemClock", lambda: clock)
    pairing = (await server.anyone.post("/pairings", {"kind": "kiosk"})).json()
    before = server.disk.one("SELECT revision FROM ledger_state")
    data = server.context.settings.data

    status, output, _ = run("pair", pairing["code"], "K1", "--data", data)

    assert (status, output) == (0, "The screen becomes K1 within a few seconds.\n")
    assert server.disk.one("SELECT revision FROM ledger_state") == before + 1
    claim = {"claim": pairing["claim"]}
    claimed = await server.anyone.post("/pairings/claim", claim, key="")
    assert claimed.status_code == 204
    newest = server.disk.one("SELECT revision FROM ledger_state")
    assert newest == before + 2


def test_an_unknown_code_is_told_with_how_long_codes_last(site: Path, run: Run) -> None:
    status, _, errors = run("pair", "ABCDEF", "K1", "--data", site)

    assert status == 1
    assert errors == "No screen shows this code; codes last 15 minutes.\n"


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

    status, _, errors = run(*words, "--data", folder, stdin="durian-1234\n")

    assert status == 1
    assert_one_sentence(errors)
    assert f"There is no site in {folder} yet" in errors
    assert not folder.exists()


@pytest.mark.parametrize(
    "words", [("serve",), ("demo",), ("migrate",), ("token", "K1")]
)
def test_a_file_is_no_data_folder(
    file: Path, run: Run, words: tuple[object, ...]
) -> None:
    status, _, errors = run(*words, "--data", file)

    assert (status, errors) == (1, f"{file}: This is no folder.\n")


@pytest.mark.parametrize(
    ("name", "cause"), [("none.yaml", "No such file"), ("", "Is a directory")]
)
def test_an_import_of_no_file_makes_nothing(
    tmp_path: Path, run: Run, name: str, cause: str
) -> None:
    data = tmp_path / "site"

    status, _, errors = run("import", tmp_path / name, "--data", data)

    assert status == 1
    assert_one_sentence(errors)
    assert cause in errors
    assert not data.exists()


def test_an_import_with_wrong_lines_names_them(tmp_path: Path, run: Run) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("site: {}\n", encoding="utf-8")

    status, _, errors = run("import", wrong, "--data", tmp_path / "site")

    assert status == 1
    assert f"{wrong}: line 1, site.name: is missing" in errors
    assert errors.endswith("\nNothing was imported.\n")


@pytest.mark.parametrize("words", [("serve", "--port", 0), ("token", "K1")])
@pytest.mark.parametrize("keep", [0, 20_000])
def test_a_corrupt_database_is_told_in_a_sentence(
    site: Path, run: Run, words: tuple[object, ...], keep: int
) -> None:
    database = Settings(data=site).database
    broken = database.read_bytes()[:keep] + b"\xff" * 9_000
    database.write_bytes(broken)

    status, _, errors = run(*words, "--data", site)

    assert status == 1
    assert_one_sentence(errors)
    assert errors.startswith(f"The database {database} cannot be used: ")


@pytest.mark.parametrize(
    ("option", "variable", "output"),
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
    output: str,
) -> None:
    if variable is not None:
        monkeypatch.setenv("ANTREAN_PORT", variable)
    options = () if option is None else ("--port", option)

    status, _, errors = run("serve", "--data", site, *options)

    assert (status, errors) == (1, output)


def test_a_port_in_use_is_told(site: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        status, _, errors = run("serve", "--data", site, "--port", port)

    assert status == 1
    assert_one_sentence(errors)
    assert f"cannot listen on 127.0.0.1, port {port}" in errors


def test_an_import_is_told_in_sentences(file: Path, tmp_path: Path, run: Run) -> None:
    status, output, errors = run("import", file, "--data", tmp_path / "site")

    assert (status, errors) == (0, "")
    first, second = output.splitlines()
    assert first.startswith("The mall now has 2 agencies, ")
    assert first.endswith(" and 2 kiosks.")
    assert second.startswith("In the database ")
    assert "(" not in output


def test_an_import_names_what_a_slip_cannot_show(
    file: Path, tmp_path: Path, run: Run
) -> None:
    text = file.read_text(encoding="utf-8")
    agency = re.search(r"code: (\S+)\s+name: (.+)\n", text.partition("agencies:")[2])
    assert agency is not None
    file.write_text(text.replace(agency[2], "Łódź 日本"), encoding="utf-8")

    status, _, errors = run("import", file, "--data", tmp_path / "site")

    assert status == 0
    assert errors == (
        f"{file}: agencies.{agency[1]}.name: the slip's font lacks 日本:"
        " each prints as a box.\n"
    )


def test_an_import_names_what_a_display_cannot_show(
    file: Path, tmp_path: Path, run: Run
) -> None:
    text = file.read_text(encoding="utf-8")
    long = "Loket 1 Pelayanan Terpadu Administrasi Kependudukan"
    assert "name: Loket 1," in text
    file.write_text(text.replace("name: Loket 1,", f"name: {long},"), encoding="utf-8")

    status, _, errors = run("import", file, "--data", tmp_path / "site")

    assert status == 0
    assert errors == (
        f"{file}: counters.L1.name: too long for a display, which shortens it.\n"
    )


# Members of staff


def test_an_agency_may_be_typed_in_any_case(site: Path, run: Run) -> None:
    status, output, _ = run(
        "user", "siti", *OFFICER, "--data", site, stdin="durian-1234\n"
    )

    assert (status, output) == (0, "siti may sign in.\n")
    disk = Disk(Settings(data=site).database)
    siti = disk.one("SELECT id FROM staff WHERE username = 'siti'")
    assert disk.rows("SELECT agency_id FROM staff_agency WHERE staff_id = ?", siti) == [
        mall.DKC
    ]


@pytest.mark.parametrize(
    ("words", "stdin", "output"),
    [
        (("siti", "--role", "officer"), "x" * 8, "needs an agency"),
        (("kep", "--role", "supervisor"), "x" * 8, "needs an agency"),
        (("\u3000", *OFFICER), "x" * 8, "A user name has"),
        (("si\tti", *OFFICER), "x" * 8, "A user name has"),
        (("", *OFFICER), "x" * 8, "A user name has"),
        (("s" * 101, *OFFICER), "x" * 8, "A user name has"),
        (("siti",), "", "Which role?"),
        (("siti", "budi", *OFFICER), "", "An action and one user name"),
        (("siti", "--name", "", *OFFICER), "x" * 8, "A name has"),
        ((" Sari ", *OFFICER), "jambu-biji-manis", "sari exists already"),
        (("add", "SARI", *OFFICER), "jambu-biji-manis", "sari exists already"),
        (("s\u0430ri", *OFFICER), "jambu-biji-manis", "reads like sari"),
        (
            ("siti", *OFFICER, "--agency", "XYZ"),
            "jambu-biji-manis",
            "There is no agency XYZ",
        ),
        (("siti", *OFFICER), "", "No password was given"),
        (("siti", *OFFICER), "\n", "No password was given"),
        (("siti", *OFFICER), "short\n", "A password has"),
        (("siti", *OFFICER), "x" * 201, "A password has"),
        (("siti", *OFFICER), "siti123456\n", "A password has"),
        (("siti", *OFFICER), "1234567890\n", "A password has"),
    ],
)
def test_who_could_not_sign_in_is_not_added(
    site: Path, run: Run, words: tuple[str, ...], stdin: str, output: str
) -> None:
    disk = Disk(Settings(data=site).database)
    before = disk.everything()

    status, _, errors = run("user", "--data", site, *words, stdin=stdin)

    assert status == 1
    assert_one_sentence(errors)
    assert output in errors
    assert disk.everything() == before


@pytest.mark.parametrize(
    "url", ["antre.id", "ftp://antre.id", "http://", "http://a b", "http://h:x"]
)
def test_a_public_address_must_be_one(tmp_path: Path, run: Run, url: str) -> None:
    status, _, errors = run("demo", "--public-url", url, "--data", tmp_path / "demo")

    assert status == 1
    assert "--public-url must be" in errors
    assert not (tmp_path / "demo").exists()


def test_a_database_of_a_newer_program_is_told(site: Path, run: Run) -> None:
    raw = sqlite3.connect(Settings(data=site).database)
    with raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    status, _, errors = run("serve", "--port", 0, "--data", site)

    assert status == 1
    assert_one_sentence(errors)
    assert "newer version" in errors


def test_import_warns_of_an_address_that_no_phone_opens(
    file: Path, tmp_path: Path, run: Run
) -> None:
    text = file.read_text(encoding="utf-8").replace("mal.example", "localhost:8000")
    file.write_text(text, encoding="utf-8")

    status, _, errors = run("import", file, "--data", tmp_path / "new")

    assert status == 0
    assert "site.public_url: http://localhost:8000: no phone can open it" in errors


def test_an_account_is_changed_by_command(site: Path, run: Run) -> None:
    def user(*words: str) -> tuple[int, str, str]:
        return run("user", *words, "--data", site)

    assert user("move", "Sari", "--agency", "imi")[1] == "sari is moved.\n"
    assert user("suspend", "sari")[0] == 0
    (line,) = (each for each in user("list")[1].splitlines() if "sari" in each)
    assert line == "sari\tofficer\tIMI\tsuspended\tSari"
    assert user("resume", "sari")[1] == "sari may sign in again.\n"
    assert user("sign-out", "sari")[1] == "sari is signed out.\n"
    password = user("reset", "sari")[1].splitlines()[-1]
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", password)
    assert password not in "".join(Disk(Settings(data=site).database).everything())


@pytest.mark.parametrize(
    ("words", "output"),
    [
        (("reset", "nobody"), "There is no user nobody"),
        (("move", "sari"), "Move whereto?"),
        (("suspend", "admin"), "Without this account"),
        (("erase", "sari"), "An action and one user name"),
        (("suspend",), "An action and one user name"),
        (("add",), "An action and one user name"),
        (("move", *OFFICER), "An action and one user name"),
        (("list", *OFFICER), "An action and one user name"),
    ],
)
def test_an_account_that_cannot_be_changed_is_told(
    site: Path, run: Run, words: tuple[str, ...], output: str
) -> None:
    status, _, errors = run("user", *words, "--data", site)

    assert status == 1
    assert_one_sentence(errors)
    assert output in errors

"""``import`` and ``export``: what would change is shown first; beside a server too."""

import json
import stat
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import httpx2
import pytest

from app.commands.import_file import ALL_NEW
from app.commands.shared.data_folder import LOCK, SERVER_FILE
from app.db.migration import migrate
from app.settings import Settings
from tests.commands.conftest import Run
from tests.support import mall
from tests.support.database import Disk
from tests.support.process import PLAIN
from tests.support.site import SiteServer

NAME = "agencies.DKC.services.AKTA.name"
SENTENCE = f"~ {NAME}: Akta kelahiran -> Akta lahir"


@pytest.fixture
def renamed(file: Path) -> Path:
    text = mall.SMALL_MALL.replace("name: Akta kelahiran", "name: Akta lahir")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def server(site: Path) -> Iterator[SiteServer]:
    server = SiteServer(site)
    server.start()
    yield server
    server.stop()


def name_in(site: Path) -> str:
    disk = Disk(Settings(data=site).database)
    return str(disk.one("SELECT name FROM service WHERE code = 'AKTA'"))


class Terminal(StringIO):
    """Somebody sits there."""

    def isatty(self) -> bool:
        return True


# Without a server


def test_an_import_shows_what_would_change_and_asks(
    site: Path, renamed: Path, run: Run
) -> None:
    status, output, errors = run("import", renamed, "--data", site)

    assert (status, output) == (1, f"{SENTENCE}\n")
    assert "add --yes" in errors
    assert name_in(site) == "Akta kelahiran"


def test_a_dry_run_only_shows(site: Path, renamed: Path, run: Run) -> None:
    status, output, _ = run("import", renamed, "--dry-run", "--data", site)

    assert (status, output.splitlines()[0]) == (0, SENTENCE)
    assert name_in(site) == "Akta kelahiran"


@pytest.mark.parametrize(("answer", "name"), [("y", "Akta lahir"), ("n", "Akta ")])
def test_whoever_sits_there_decides(
    site: Path,
    renamed: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    name: str,
) -> None:
    monkeypatch.setattr("tests.commands.conftest.StringIO", Terminal)
    monkeypatch.setattr("builtins.input", lambda _: answer)

    run("import", renamed, "--data", site)

    assert name_in(site).startswith(name)


@pytest.fixture
def unreachable(renamed: Path) -> Path:
    text = renamed.read_text(encoding="utf-8")
    text = text.replace("http://mal.example", "http://0.0.0.0:8000")
    renamed.write_text(text, encoding="utf-8")
    return renamed


WARNING = "site.public_url: http://0.0.0.0:8000: no phone can open it"


def test_a_dry_run_warns(site: Path, unreachable: Path, run: Run) -> None:
    status, _, errors = run("import", unreachable, "--dry-run", "--data", site)

    assert (status, errors.startswith(f"{unreachable}: {WARNING}")) == (0, True)


def test_a_dry_run_imports_nothing_where_the_first_import_broke_off(
    tmp_path: Path, renamed: Path, run: Run
) -> None:
    database = Settings(data=tmp_path / "new").database
    database.parent.mkdir()
    migrate(database)

    status, output, _ = run("import", renamed, "--dry-run", "--data", database.parent)

    assert (status, output) == (0, f"{ALL_NEW}\n")
    assert Disk(database).one("SELECT count(*) FROM site") == 0


def test_a_dry_run_warns_also_where_there_is_no_site_yet(
    tmp_path: Path, unreachable: Path, run: Run
) -> None:
    data = tmp_path / "none"
    status, _, errors = run("import", unreachable, "--dry-run", "--data", data)

    assert (status, WARNING in errors) == (0, True)


def test_the_question_is_asked_once_the_warnings_are_said(
    site: Path,
    unreachable: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = list[str]()

    def answer(_: str) -> str:
        known.append(capsys.readouterr().err)
        return "n"

    monkeypatch.setattr("tests.commands.conftest.StringIO", Terminal)
    monkeypatch.setattr("builtins.input", answer)

    run("import", unreachable, "--data", site)

    assert [WARNING in errors for errors in known] == [True]


def test_the_same_file_changes_nothing(site: Path, file: Path, run: Run) -> None:
    disk = Disk(Settings(data=site).database)
    before = disk.everything()

    status, output, _ = run("import", file, "--data", site)

    assert status == 0
    assert output == "The mall is as the file says; nothing was changed.\n"
    assert disk.everything() == before


def test_what_export_writes_changes_nothing(
    site: Path, tmp_path: Path, run: Run
) -> None:
    exported = tmp_path / "out.yaml"

    assert run("export", exported, "--data", site)[0] == 0
    status, output, _ = run("import", exported, "--data", site)

    assert (status, output.startswith("The mall is as the file says")) == (0, True)
    assert run("export", "--data", site)[1] == exported.read_text(encoding="utf-8")


# Beside a server


@pytest.mark.timeout(120)
def test_a_file_goes_to_the_server_that_holds_the_folder(
    site: Path, renamed: Path, run: Run, server: SiteServer
) -> None:
    number = server.issue(mall.AKTA)["number"]

    shown = run("import", renamed, "--dry-run", "--data", site)
    assert (shown[0], shown[1].splitlines()[0]) == (0, SENTENCE)
    assert name_in(site) == "Akta kelahiran"
    status, output, errors = run("import", renamed, "--yes", "--data", site)

    assert (status, errors) == (0, "")
    assert output.startswith(f"{SENTENCE}\n")
    agencies = httpx2.get(f"{server.url}/api/v1/agencies", **PLAIN).json()
    names = [service["name"] for each in agencies for service in each["services"]]
    assert "Akta lahir" in names
    # whoever waits goes on waiting
    waiting = server.disk.one("SELECT state FROM entry")
    assert (number[:1], waiting) == ("A", "waiting")
    actor = server.disk.one("SELECT device FROM audit WHERE kind = 'mall.changed'")
    assert actor == "terminal of the server"


@pytest.mark.timeout(120)
def test_warnings_come_before_the_change_beside_a_server(
    site: Path, unreachable: Path, run: Run, server: SiteServer
) -> None:
    for option in ("--dry-run", "--yes"):
        status, _, errors = run("import", unreachable, option, "--data", site)
        assert (status, errors.count(WARNING)) == (0, 1)


@pytest.mark.timeout(120)
def test_a_refused_file_changes_nothing_beside_a_server(
    site: Path, file: Path, run: Run, server: SiteServer
) -> None:
    server.issue(mall.KTP)
    text = mall.SMALL_MALL.replace("name: Akta kelahiran", "name: Akta lahir")
    lines = [line for line in text.splitlines() if "code: KTP" not in line]
    text = "\n".join(lines).replace("    head_start_minutes: {DKC/KTP: 15}\n", "")
    file.write_text(text, encoding="utf-8")

    status, output, errors = run("import", file, "--yes", "--data", site)

    assert (status, output) == (1, "")
    assert f"{file}: agencies.DKC.services.KTP: is not in the file any more" in errors
    assert "retired: " in errors
    assert errors.endswith("Nothing was imported.\n")
    assert name_in(site) == "Akta kelahiran"


def test_the_secret_is_the_owners_and_ends_with_its_server(
    site: Path, server: SiteServer
) -> None:
    file = site / SERVER_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    secret = json.loads(file.read_text())["secret"]
    headers = {"Authorization": f"Bearer {secret}"}

    # for the mall's file alone
    for path, status in (("config", 200), ("users", 403), ("counters", 403)):
        answer = httpx2.get(f"{server.url}/api/v1/{path}", headers=headers, **PLAIN)
        assert answer.status_code == status, path
    headers = {"Authorization": f"Bearer {secret[:-1]}"}
    answer = httpx2.get(f"{server.url}/api/v1/config", headers=headers, **PLAIN)
    assert answer.status_code == 401

    server.stop()
    assert not file.exists()


def test_a_killed_server_is_not_asked(
    site: Path, renamed: Path, run: Run, server: SiteServer
) -> None:
    server.kill()
    assert (site / SERVER_FILE).exists()

    # the lock fell with it: the folder itself is changed
    assert run("import", renamed, "--yes", "--data", site)[0] == 0

    assert name_in(site) == "Akta lahir"
    assert (site / LOCK).read_text() != ""

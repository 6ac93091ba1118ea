"""Terraform or OpenTofu installs releases from a registry on loopback, as it would from the public one: what it must accept, and what it must reject."""

import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pack import NAME, ROOT, Release, sha256
from registry import Registry

HOSTS = {"terraform": "registry.terraform.io", "tofu": "registry.opentofu.org"}


class Failure(Exception):
    """What was expected and did not come."""


def expect(condition: object, text: str) -> None:
    if not condition:
        raise Failure(text)


class Tool:
    """One tool and a fresh folder to work in."""

    def __init__(self, program: Path, kind: str, folder: Path, registry: Registry):
        self.program, self.kind, self.folder, self.registry = program, kind, folder, registry
        self.lock = folder / ".terraform.lock.hcl"
        folder.mkdir(parents=True)
        services = f'services = {{ "providers.v1" = "{registry.origin}/v1/providers/" }}'
        (folder / "registry.rc").write_text(
            f'host "{HOSTS[kind]}" {{\n  {services}\n}}\nprovider_installation {{\n  direct {{}}\n}}\n'
        )

    def write(self, constraint: str) -> None:
        """A configuration with the address of the README's own example."""
        source = re.search(r'source\s+= "(\S+)"', (ROOT / "README.md").read_text())
        expect(source, "the README names no source")
        (self.folder / "main.tf").write_text(
            "terraform {\n  required_providers {\n    sfniam = {\n"
            f'      source  = "{source[1]}"\n      version = "{constraint}"\n    }}\n  }}\n}}\n\n'
            'data "sfniam_policy" "this" {\n'
            '  definition = jsonencode({ StartAt = "Wait", States = { Wait = { Type = "Wait", Seconds = 1, End = true } } })\n}\n\n'
            'output "is_empty" {\n  value = data.sfniam_policy.this.is_empty\n}\n'
        )

    def forget(self) -> None:
        shutil.rmtree(self.folder / ".terraform", ignore_errors=True)
        self.lock.unlink(missing_ok=True)

    def run(
        self, *arguments: str, settings: str = "registry.rc", more: dict[str, str] | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
        environment |= {"TF_CLI_CONFIG_FILE": str(self.folder / settings), "SSL_CERT_FILE": str(self.registry.certificate)}
        environment |= {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1", **(more or {})}
        return subprocess.run(
            [self.program, *arguments, "-no-color"], cwd=folder or self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def succeeds(self, *arguments: str, **options) -> str:
        done = self.run(*arguments, **options)
        expect(done.returncode == 0, f"{arguments} failed:\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def together(self, count: int, *arguments: str, **options) -> None:
        """Runs a command several times at once, each in a folder of its own with the same configuration."""
        folders = [self.folder / f"together/{number}" for number in range(count)]
        for folder in folders:
            folder.mkdir(parents=True)
            shutil.copy(self.folder / "main.tf", folder)
        with ThreadPoolExecutor(count) as pool:
            for done in pool.map(lambda folder: self.run(*arguments, folder=folder, **options), folders):
                expect(done.returncode == 0, f"{arguments} at a time failed:\n{done.stdout}{done.stderr}")

    def fails(self, *arguments: str, saying: str, **options) -> None:
        done = self.run(*arguments, **options)
        said = " ".join((done.stdout + done.stderr).replace("│", " ").split())
        expect(done.returncode != 0, f"{arguments} succeeded: {said}")
        expect(re.search(saying, said), f'{arguments} does not say "{saying}": {said}')


def installs(tool: Tool, old: Release, new: Release, keys: dict[str, tuple[str, str]]) -> None:
    """A signed version, a newer one, a mirror, and a lock file that allows no change."""
    registry = tool.registry
    registry.releases, registry.keys = [old], [keys["ours"]]
    tool.write(f"~> {old.version}")
    said = tool.succeeds("init")
    expect(re.search(rf"Installed sfniam/sfniam v{re.escape(old.version)} \((self-)?signed, key ID {keys['ours'][0]}\)", said), said)
    lock = tool.lock.read_text()
    zips = sorted(old.folder.glob("*.zip"))
    sums = {f'"zh:{sha256(path)}"' for path in zips}
    expect(sums <= set(re.findall(r'"zh:\w+"', lock)), f"the lock file lacks sums of {len(zips)} zips:\n{lock}")
    expect('"h1:' in lock, f"the lock file has no h1:\n{lock}")
    expect("is_empty = true" in tool.succeeds("plan"), "the plan has no output")

    # A newer version comes only when it is asked for.
    registry.releases = [old, new]
    tool.succeeds("init")
    expect(tool.lock.read_text() == lock, "init changed the lock file")
    tool.succeeds("init", "-lockfile=readonly")
    tool.succeeds("init", "-upgrade")
    expect(f'version     = "{new.version}"' in tool.lock.read_text(), "init -upgrade did not take the newer version")

    # From a mirror of this registry, without it, and with the lock file as it is.
    mirror = tool.folder / "mirror"
    tool.succeeds("providers", "mirror", str(mirror))
    (tool.folder / "mirror.rc").write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    shutil.rmtree(tool.folder / ".terraform")
    registry.releases = []
    tool.succeeds("init", "-lockfile=readonly", settings="mirror.rc")

    # Several at a time with one cache: from an unpacked mirror, one in ten fails. Therefore mirrors have zips, as `make install` puts them there.
    cache = tool.folder / "cache"
    cache.mkdir()
    tool.together(4, "init", settings="mirror.rc", more={"TF_PLUGIN_CACHE_DIR": str(cache)})


def refuses(tool: Tool, old: Release, copy, keys: dict[str, tuple[str, str]]) -> None:
    """What somebody did to the files on their way; `copy` makes a copy of a release that may be changed."""
    registry = tool.registry
    tool.write(f"~> {old.version}")

    changed = copy(old)
    package = next(path for path in changed.folder.glob("*.zip") if path.name.endswith(platform_of_this_machine() + ".zip"))
    package.write_bytes(package.read_bytes() + b"\0")
    tool.forget()
    registry.releases, registry.keys = [changed], [keys["ours"]]
    tool.fails("init", saying="incorrect checksum")

    changed = copy(old)
    package = changed.folder / package.name
    package.write_bytes(package.read_bytes() + b"\0")
    text = changed.sums.read_text()
    changed.sums.write_text(text.replace(sha256(old.folder / package.name), sha256(package)))
    tool.forget()
    registry.releases = [changed]
    tool.fails("init", saying="signature")

    tool.forget()
    registry.releases, registry.keys = [old], [keys["stranger"]]
    tool.fails("init", saying="signature|signed|key")

    # The same version again with other contents, for somebody who has a lock file.
    tool.forget()
    registry.keys = [keys["ours"]]
    tool.succeeds("init")
    shutil.rmtree(tool.folder / ".terraform")
    registry.releases = [copy(old, contents="changed")]
    tool.fails("init", saying="checksum")

    if tool.kind == "tofu":
        tool.forget()
        registry.releases, registry.keys = [old], []
        expect("Signature validation was skipped" in tool.succeeds("init"), "no note that nothing was verified")
        tool.forget()
        tool.fails("init", saying="signature|key", more={"OPENTOFU_ENFORCE_GPG_VALIDATION": "true"})
    else:
        tool.forget()
        registry.releases, registry.keys = [old], []
        tool.fails("init", saying="signature|signed|key")


def platform_of_this_machine() -> str:
    import platform

    processor = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}_{processor}"


__all__ = ["NAME", "Failure", "Tool", "installs", "platform_of_this_machine", "refuses"]

"""The packed provider and Terraform in a root that has nothing else: no C library, no shell, no user. So is the image of the command line."""

import json
import os
import platform
import shutil
import subprocess
from pathlib import Path

from pack import NAME, ROOT, version

SETTINGS = 'provider_installation {\n  filesystem_mirror {\n    path = "/mirror"\n  }\n}\n'


def alone(tool: Path) -> str | None:
    """What went wrong. `tool` is Terraform or OpenTofu, as one static file."""
    root = ROOT / "dist/stage/alone"
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("work", "tmp"):
        (root / folder).mkdir(parents=True)
    shutil.copy(tool, root / "tool")
    processor = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    package = ROOT / f"dist/release/{NAME}_{version()}_linux_{processor}.zip"
    for host in ("registry.terraform.io", "registry.opentofu.org"):
        place = root / "mirror" / host / "sfniam/sfniam"
        place.mkdir(parents=True)
        shutil.copy(package, place)
    (root / "terraform.rc").write_text(SETTINGS)
    for name in ("order-saga/main.tf", "order-saga/order-saga.asl.json", "provider/provider.tf"):
        shutil.copy(ROOT / "examples" / name, root / "work")
    environment = {"TF_CLI_CONFIG_FILE": "/terraform.rc", "HOME": "/", "TMPDIR": "/tmp", "CHECKPOINT_DISABLE": "1"}
    for arguments in (["init"], ["plan"]):
        done = inside(root, ["/tool", "-chdir=/work", *arguments, "-no-color"], environment)
        if done.returncode:
            return f"{tool.name} {arguments[0]} in an empty root: {done.stdout}{done.stderr}"
    return None if "+ policy" in done.stdout else f"{tool.name} in an empty root has no policy: {done.stdout}"


def image(executable: Path) -> str | None:
    """What went wrong with the image that Dockerfile describes, with `executable` in it."""
    root = ROOT / "dist/stage/image"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    steps = [line.split(" ", 1) for line in (ROOT / "Dockerfile").read_text().splitlines() if line and not line.startswith("#")]
    if [name for name, _ in steps] != ["FROM", "ARG", "COPY", "ENTRYPOINT"] or steps[0][1] != "scratch":
        return f"Dockerfile has other steps than are known here: {steps}"
    mode, source, place = steps[2][1].split()
    if source.replace("${TARGET}", executable.parent.name) != str(executable.relative_to(ROOT)):
        return f"Dockerfile copies {source} and not {executable.relative_to(ROOT)}"
    shutil.copy(executable, root / place.lstrip("/"))
    (root / place.lstrip("/")).chmod(int(mode.removeprefix("--chmod="), 8))
    definition = (ROOT / "examples/order-saga/order-saga.asl.json").read_text()
    done = inside(root, [*json.loads(steps[3][1]), "check", "--fail-on", "error", "-"], {}, definition)
    expected = "1 state machine in 1 file"
    return None if done.returncode == 0 and expected in done.stdout + done.stderr else f"the image: {done.stdout}{done.stderr}"


def way() -> list[str] | None:
    """What has to be before a command that changes the root, or nothing if this user may not do that."""
    if os.geteuid() == 0:
        return []
    # First, because Ubuntu forbids the namespaces of users that `unshare` makes; its runners ask for no password.
    for enter in (["sudo", "-n"], ["unshare", "--map-root-user"]):
        if shutil.which(enter[0]) and not _run([*enter, "chroot", "/", "true"]).returncode:
            return enter
    return None


def inside(root: Path, command: list[str], environment: dict[str, str], given: str = "") -> subprocess.CompletedProcess:
    """Runs a command that sees nothing but the files of `root`."""
    enter = way()
    if enter is None:
        raise RuntimeError("this user may not change the root")
    # What sudo runs writes files of this user too, so that they can be removed.
    options = [f"--userspec={os.getuid()}:{os.getgid()}"] if "sudo" in enter else []
    # As arguments, because sudo hands no variables on.
    variables = [f"{name}={value}" for name, value in environment.items()]
    return _run([*enter, "env", *variables, "chroot", *options, str(root), *command], given)


def _run(command: list[str], given: str = "") -> subprocess.CompletedProcess:
    # `chroot` is in a folder that not every user has on the PATH.
    environment = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    return subprocess.run(command, env=environment, input=given, capture_output=True, text=True, check=False)

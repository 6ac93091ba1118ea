"""The packed provider and Terraform in a root that has nothing else: no C library, no shell, no user."""

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
    for name in ("main.tf", "order-saga.asl.json"):
        shutil.copy(ROOT / "examples/order-saga" / name, root / "work")
    environment = {"TF_CLI_CONFIG_FILE": "/terraform.rc", "HOME": "/", "TMPDIR": "/tmp", "CHECKPOINT_DISABLE": "1"}
    enter = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]
    for arguments in (["init"], ["plan"]):
        done = subprocess.run(
            [*enter, "chroot", str(root), "/tool", "-chdir=/work", *arguments, "-no-color"],
            env=environment | {"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            return f"{tool.name} {arguments[0]} in an empty root: {done.stdout}{done.stderr}"
    return None if "+ policy" in done.stdout else f"{tool.name} in an empty root has no policy: {done.stdout}"

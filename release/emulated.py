"""The executables for other systems, run by an emulator: the same answers, byte for byte, as that of this machine, and a handshake.

Those for Linux have to pass the tests of the protocol too, which for other systems are compiled differently.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from pack import ROOT

EMULATORS = {
    "linux_arm64": ["qemu-aarch64", "qemu-aarch64-static"],
    "linux_amd64": ["qemu-x86_64", "qemu-x86_64-static"],
    "windows_amd64": ["wine64", "wine", "/usr/lib/wine/wine64"],
}
ARGUMENTS = ["--region", "eu-west-1", "--account-id", "111122223333", "--state-machine-name", "Machine"]
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def emulator(platform: str) -> str | None:
    return next((found for name in EMULATORS.get(platform, []) if (found := shutil.which(name))), None)


def faults(platform: str, executable: Path, mine: Path, program: str) -> list[str]:
    """What `executable` does otherwise than `mine`, the one for this machine."""
    definitions = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/integrations/*/*.asl.json"))
    asked = [["--version"], ["integrations"]]
    for mode in ("template", "least_privilege"):
        asked.append(["policy", "--mode", mode, *ARGUMENTS, *definitions])
    found = []
    for arguments in asked:
        expected, actual = _run([str(mine)], arguments), _run([program, str(executable)], arguments)
        if expected.returncode or (actual.returncode, actual.stdout) != (0, expected.stdout):
            said = actual.stderr.decode(errors="replace")[-500:]
            found.append(f"the executable for {platform} says something else to {arguments[:3]}: {said}")
    line = _handshake([program, str(executable)])
    expected = "1|6|tcp|127.0.0.1:" if platform.startswith("windows") else "1|6|unix|"
    if not line.startswith(expected):
        found.append(f"the executable for {platform} begins with {line!r} and not with {expected}")
    if platform.startswith("linux"):
        found += protocol_faults(platform, executable, program)
    return found


def protocol_faults(platform: str, executable: Path, program: str) -> list[str]:
    """What the tests of the protocol find, with a host and a real socket."""
    wrapper = ROOT / "dist/stage/emulated" / platform
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text(f"#!/bin/sh\nexec {shlex.quote(program)} {shlex.quote(str(executable))} \"$@\"\n")
    wrapper.chmod(0o755)
    done = subprocess.run(
        ["cargo", "test", "--locked", "--test", "it", "--", "protocol"],
        cwd=ROOT, env=os.environ | {"SFNIAM_EXECUTABLE": str(wrapper)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return [f"the tests of the protocol fail with the executable for {platform}:\n{done.stdout}{done.stderr}"] if done.returncode else []


def _run(program: list[str], arguments: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run([*program, *arguments], cwd=ROOT, env=_environment(), capture_output=True, check=False)


def _handshake(program: list[str]) -> str:
    more = {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6", "PLUGIN_MIN_PORT": "10000", "PLUGIN_MAX_PORT": "25000"}
    with subprocess.Popen(program, env=_environment() | more, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as plugin:
        line = plugin.stdout.readline()
        plugin.terminate()
        return line.strip()


def _environment() -> dict[str, str]:
    # Wine tells much that is not about the program.
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {"WINEDEBUG": "-all"}

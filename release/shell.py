"""The files that shells and man read, under the short name: made by the executable itself, and the same for every platform."""

import re
import subprocess
from pathlib import Path

SCRIPTS = {
    "bash": "completions/sfniam.bash",
    "zsh": "completions/_sfniam",
    "fish": "completions/sfniam.fish",
    "powershell": "completions/sfniam.ps1",
}
# The page of the program; each command has one beside it.
PAGE = "man/sfniam.1"


def files(executable: Path) -> dict[str, str]:
    """Their names in a zip, and their texts."""

    def run(*arguments: str) -> str:
        return subprocess.run([executable, *arguments], capture_output=True, text=True, encoding="utf-8", check=True).stdout

    found = {name: run("completions", shell, "--name", "sfniam") for shell, name in SCRIPTS.items()}
    found[PAGE] = run("man", "--name", "sfniam")
    for command in commands(run("--help")):
        found[f"man/sfniam-{command}.1"] = run("man", command, "--name", "sfniam")
    return found


def commands(said: str) -> list[str]:
    """The commands in what --help says."""
    listed = re.search(r"^Commands:\n(.*?)\n\n", said, re.MULTILINE | re.DOTALL)
    return [name for name in re.findall(r"^  (\w+)", listed[1] if listed else "", re.MULTILINE) if name != "help"]

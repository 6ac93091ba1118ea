"""The workflows, step by step: what a runner would not have, each law with a workflow that breaks it."""

import copy
import importlib.util
import os
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github/workflows"
# What GitHub and the shells set.
GIVEN = re.compile(r"GITHUB_\w+|RUNNER_\w+|HOME|PATH|PWD|CI")
PROGRAMS = re.compile(r"(?:^|[\s(\"'])((?:release|catalog|action|tests|\.ci)/[\w/.-]+)")
# Programs that take the toolchain of rust-toolchain.toml, or scripts that call one.
RUST = re.compile(r"\b(cargo|make|rustup target)\b|release/(build|dist|check|smoke)\b")
INSTALLED = re.compile(r"\brustup toolchain install\b")


def load() -> dict[str, dict]:
    import yaml

    # BaseLoader, for which "on" is a text and not true.
    return {path.name: yaml.load(path.read_text(), yaml.BaseLoader) for path in sorted(WORKFLOWS.glob("*.yml"))}


def jobs(workflows: dict[str, dict]):
    for file, workflow in workflows.items():
        for name, job in workflow["jobs"].items():
            yield f"{file} {name}", workflow, job


def steps(job: dict) -> list[dict]:
    return job.get("steps", [])


def runners(job: dict) -> list[str]:
    """Where a job runs, with the matrix put in."""
    on = job.get("runs-on", "")
    if "matrix." not in on:
        return [on]
    key = re.search(r"matrix\.(\w+)", on)[1]
    matrix = job["strategy"]["matrix"]
    return matrix.get(key) or [one[key] for one in matrix["include"]]


# The laws. Each gives what breaks it.


def without_rust(workflows: dict[str, dict]) -> list[str]:
    """Rust is installed before it is used: rustup need not do that by itself."""
    found = []
    for name, _, job in jobs(workflows):
        # Debian has a compiler of its own.
        installed = "container" in job
        for step in steps(job):
            for line in step.get("run", "").splitlines():
                installed = installed or bool(INSTALLED.search(line))
                if RUST.search(line) and not installed:
                    found.append(f"{name}: {line.strip()}")
    return found


def newest(product: str) -> str:
    lines = (ROOT / "tests/clis/versions.txt").read_text().splitlines()
    return [line.split()[1] for line in lines if line.startswith(f"{product} ")][-1]


def unpinned_tools(workflows: dict[str, dict]) -> list[str]:
    """Terraform and OpenTofu are the newest of versions.txt, or of a matrix."""
    found = []
    for name, workflow, job in jobs(workflows):
        for step in steps(job):
            tool = re.match(r"(?:hashicorp|opentofu)/setup-(terraform|opentofu)@", step.get("uses", ""))
            if not tool:
                continue
            product = tool[1].removeprefix("open")
            value = step.get("with", {}).get(f"{product}_version", "")
            if variable := re.fullmatch(r"\$\{\{ env\.(\w+) \}\}", value):
                value = workflow.get("env", {}).get(variable[1], "")
            if value != newest(product) and not re.fullmatch(r"\$\{\{ matrix\.\w+ \}\}", value):
                found.append(f"{name}: {product} {value or 'of any version'}")
    return found


def never_started(workflows: dict[str, dict]) -> list[str]:
    """What the token of a workflow does starts no workflow, and releases are made with it."""
    return [f"{name}: on release" for name, workflow in workflows.items() if "release" in workflow["on"]]


def failures_of_any_kind(workflows: dict[str, dict]) -> list[str]:
    """A program that has to fail has one status that is right: a missing one fails as well."""
    return [
        f"{name}: {line.strip()}"
        for name, _, job in jobs(workflows)
        for step in steps(job)
        for line in step.get("run", "").splitlines()
        if re.search(r"\bif (?!test|\[).*; then exit 1|^\s*! \w", line)
    ]


def missing_folders(workflows: dict[str, dict]) -> list[str]:
    """Folders of RUNNER_TEMP that a fuzzer is given are made before."""
    found = []
    for name, _, job in jobs(workflows):
        text = "\n".join(step.get("run", "") for step in steps(job))
        for line in re.findall(r"cargo fuzz run .*", text):
            for folder in re.findall(r'"(\$RUNNER_TEMP/\w+)"', line):
                if f'mkdir -p "{folder}"' not in text[: text.index(line)]:
                    found.append(f"{name}: {folder}")
    return found


def missing_programs(workflows: dict[str, dict]) -> list[str]:
    """Scripts of the repository that are not there, or that nobody may run."""
    return [
        f"{name}: {path}"
        for name, _, job in jobs(workflows)
        for step in steps(job)
        for path in PROGRAMS.findall(step.get("run", ""))
        if not path.endswith((".txt", ".toml")) and not os.access(ROOT / path, os.X_OK)
    ]


def unset_variables(workflows: dict[str, dict]) -> list[str]:
    """Variables that a step reads and nothing sets."""
    found = []
    for name, workflow, job in jobs(workflows):
        for step in steps(job):
            text = step.get("run", "")
            # What is in single quotes is not the shell's.
            read = re.findall(r"\$\{?:?\s*([A-Za-z_]\w*)", re.sub(r"'[^']*'", "", text))
            there = {**workflow.get("env", {}), **job.get("env", {}), **step.get("env", {})}
            made = set(re.findall(r"(?:^|[\s;(])([A-Za-z_]\w*)=|\bfor (\w+) in\b", text))
            made = {name for both in made for name in both}
            found += [f"{name}: ${one}" for one in read if one not in there and one not in made and not GIVEN.fullmatch(one)]
    return found


def other_shells(workflows: dict[str, dict]) -> list[str]:
    """On Windows the shell is PowerShell: what is written for a POSIX shell says so."""
    return [
        f"{name}: {step['run'].splitlines()[0]}"
        for name, _, job in jobs(workflows)
        if any("windows" in runner for runner in runners(job))
        for step in steps(job)
        if "run" in step and step.get("shell") != "bash" and re.search(r"[\n$|><'\\]|&&", step["run"].strip())
    ]


def pipes_that_hide(workflows: dict[str, dict]) -> list[str]:
    """Without "shell: bash" there is no pipefail, so only the last program of a pipe could fail."""
    return [
        f"{name}: {line.strip()}"
        for name, _, job in jobs(workflows)
        for step in steps(job)
        for line in step.get("run", "").splitlines()
        if re.search(r"(?<!\|)\|(?!\|)", line) and step.get("shell") != "bash"
    ]


def artifacts(workflows: dict[str, dict]) -> list[str]:
    """Files of another job are fetched before they are used, from one that this job waits for; and an attempt may replace those of an earlier one."""
    found = []
    for name, workflow, job in jobs(workflows):

        def before(one: str, workflow: dict = workflow) -> set[str]:
            needed = workflow["jobs"][one].get("needs", [])
            direct = {needed} if isinstance(needed, str) else set(needed)
            return direct.union(*(before(other) for other in direct))

        made = {
            step["with"]["name"]
            for other in before(name.split(" ")[1])
            for step in steps(workflow["jobs"][other])
            if step.get("uses", "").startswith("actions/upload-artifact@")
        }
        for step in steps(job):
            given = step.get("with", {})
            if step.get("uses", "").startswith("actions/download-artifact@"):
                wanted = given.get("name") or given["pattern"].replace("*", "${{ matrix.target }}")
                if wanted not in made:
                    found.append(f"{name}: no {wanted}")
            elif step.get("uses", "").startswith("actions/upload-artifact@") and given.get("overwrite") != "true":
                found.append(f"{name}: {given['name']} cannot be replaced")
    return found


def checked_out_too_late(workflows: dict[str, dict]) -> list[str]:
    """A job sees the repository only after the checkout."""
    found = []
    for name, _, job in jobs(workflows):
        uses = [step.get("uses", "").split("@")[0] for step in steps(job)]
        there = uses.index("actions/checkout") if "actions/checkout" in uses else len(uses)
        early = [line for step in steps(job)[:there] for line in step.get("run", "").splitlines()]
        found += [f"{name}: {line}" for line in early if PROGRAMS.search(line) or re.match(r"(make|cargo|git|rustup) ", line)]
    return found


LAWS = [without_rust, unpinned_tools, never_started, failures_of_any_kind, missing_folders, missing_programs, unset_variables, other_shells]
LAWS += [pipes_that_hide, artifacts, checked_out_too_late]


def job(*run: str, **more) -> dict:
    """A workflow with one job of these steps, after the checkout."""
    listed = [{"uses": "actions/checkout@0"}, *({"run": one} for one in run)]
    return {"x.yml": {"on": {"push": {}}, "jobs": {"x": {"runs-on": "ubuntu-24.04", "steps": listed} | more}}}


@unittest.skipUnless(importlib.util.find_spec("yaml"), "it needs PyYAML, which .ci/requirements.txt has")
class Workflows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workflows = load()

    def test_they_keep_the_laws(self):
        self.assertGreater(len(list(jobs(self.workflows))), 15)
        for law in LAWS:
            self.assertEqual(law(self.workflows), [], law.__doc__)

    def test_every_job_of_make_check_ends_in_time_and_has_what_it_looks_with(self):
        found = [(name, job) for name, _, job in jobs(self.workflows) if any(step.get("run") == "make check" for step in steps(job))]
        self.assertEqual([name for name, _ in found], ["ci.yml check"])
        for _, one in found:
            self.assertEqual(one["timeout-minutes"], "25")
            run = [step.get("run", "") for step in steps(one)]
            self.assertTrue(any(".ci/requirements.txt" in text and "GITHUB_PATH" in text for text in run[: run.index("make check")]))

    def test_a_release_is_checked_before_it_is_published(self):
        release = self.workflows["release.yml"]["jobs"]
        package = "\n".join(step.get("run", "") for step in steps(release["package"]))
        self.assertIn(': "${GPG_FINGERPRINT:?}"\nrelease/dist\nrelease/check --publish files registry alone\n', package)
        # Before anything is built, because after the signature it is too late.
        build = [step.get("run", "") for step in steps(release["build"])]
        notes = next(at for at, text in enumerate(build) if 'release/notes "${GITHUB_REF_NAME#v}"' in text)
        self.assertLess(notes, next(at for at, text in enumerate(build) if "release/build" in text))
        self.assertEqual(release["action"]["needs"], "publish")
        self.assertEqual(release["action"]["uses"], "$/.github/workflows/action.yml")
        self.assertIn("workflow_call", self.workflows["action.yml"]["on"])

    def test_the_bare_debian_has_the_packages_of_the_readme(self):
        text = " ".join((ROOT / "README.md").read_text().split())
        named = re.search(r"On Debian 12, `apt-get install ([^`]+)` .*? `([^`]+)` has .*? and `([^`]+)` what they need", text)
        debian = self.workflows["ci.yml"]["jobs"]["debian"]
        run = [step.get("run", "") for step in steps(debian)]
        installed = re.search(r"apt-get install --yes (.*)", "\n".join(run))
        self.assertEqual(" ".join(named.groups()).split(), installed[1].split())
        self.assertEqual(debian["container"], "debian:12")
        self.assertEqual(run[-4:], ["make demo", "make test", "make dist", "make release-check"])

    def test_no_version_is_promised_that_is_older_than_what_was_run(self):
        matrix = (ROOT / "tests/matrix.txt").read_text()
        hosts = re.search(r"\| Data source `sfniam_policy` \| (\S+) \| (\S+) \|", (ROOT / "docs/guides/hosts.md").read_text())
        readme = re.search(r"tested with Terraform from (\S+) on and OpenTofu from (\S+) on;", (ROOT / "README.md").read_text())
        jobs = self.workflows["ci.yml"]["jobs"]
        images = "\n".join(self.workflows["release.yml"]["jobs"]["images"]["strategy"]["matrix"]["image"])
        for at, (product, job, image) in enumerate((("terraform", "terraform", "hashicorp/terraform"), ("tofu", "opentofu", "opentofu/opentofu"))):
            oldest = re.search(rf"^{product} (\d+\.\d+)\.\d+ \d+ passed", matrix, re.MULTILINE)[1]
            self.assertEqual(jobs[job]["strategy"]["matrix"][product][0], f"{oldest}.*")
            self.assertEqual(re.search(rf"{image}:(\S+)", images)[1], oldest)
            self.assertEqual((hosts[at + 1], readme[at + 1]), (oldest, oldest))

    def test_fuzzers_of_the_workflow_are_those_that_there_are(self):
        matrix = self.workflows["ci.yml"]["jobs"]["fuzz"]["strategy"]["matrix"]["target"]
        self.assertEqual(sorted(matrix), sorted(path.name for path in (ROOT / "fuzz/corpus").iterdir()))

    def broken(self, law, workflows: dict[str, dict]):
        self.assertNotEqual(law(workflows), [], law.__doc__)

    def test_each_law_with_what_breaks_it(self):
        self.broken(without_rust, job("rustup target add x && release/build x"))
        self.broken(without_rust, job("make check", "rustup toolchain install"))
        self.assertEqual(without_rust(job("rustup toolchain install", "make check")), [])
        self.broken(never_started, {"x.yml": {"on": {"release": {"types": ["published"]}}, "jobs": {}}})
        self.broken(failures_of_any_kind, job("if sfniam check x; then exit 1; fi"))
        self.broken(missing_folders, job('cargo fuzz run x "$RUNNER_TEMP/corpus"'))
        self.broken(missing_programs, job("release/nothing"))
        self.broken(missing_programs, job("release/pack.py"))
        self.broken(unset_variables, job('release/build "$TARGET"'))
        self.assertEqual(unset_variables(job('for TARGET in a; do x=1; echo "$x $GITHUB_REF_NAME"; done')), [])
        self.broken(other_shells, job('x "$HOME"', **{"runs-on": "windows-2025"}))
        self.broken(pipes_that_hide, job("release/build | tee x"))
        self.broken(artifacts, self.changed("release.yml", "publish", needs=[]))
        early = job("make check")
        early["x.yml"]["jobs"]["x"]["steps"].reverse()
        self.broken(checked_out_too_late, early)

    def changed(self, file: str, name: str, **more) -> dict[str, dict]:
        workflow = copy.deepcopy(self.workflows[file])
        workflow["jobs"][name] |= more
        return {file: workflow}

    def test_tools_of_another_version(self):
        step = {"uses": "hashicorp/setup-terraform@0", "with": {"terraform_wrapper": "false"}}
        for version, fine in ((None, False), ("1.0.0", False), (newest("terraform"), True), ("${{ matrix.terraform }}", True)):
            given = step["with"] | ({"terraform_version": version} if version else {})
            found = unpinned_tools({"x.yml": {"on": {}, "jobs": {"x": {"steps": [step | {"with": given}]}}}})
            self.assertEqual(found == [], fine, version)
        step = {"uses": "opentofu/setup-opentofu@0", "with": {"tofu_version": "${{ env.T }}"}}
        for version, fine in (("1.0.0", False), (newest("tofu"), True)):
            workflow = {"on": {}, "env": {"T": version}, "jobs": {"x": {"steps": [step]}}}
            self.assertEqual(unpinned_tools({"x.yml": workflow}) == [], fine, version)


if __name__ == "__main__":
    unittest.main()

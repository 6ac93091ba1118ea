"""One scenario with one tool: everything between an empty account and an empty account."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from aws import ACCOUNT, Aws

# The AWS provider is led to the stand-in, and asks nothing that only the real AWS could answer.
OVERRIDE = """
provider "aws" {{
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  max_retries                 = 1

  endpoints {{
    dynamodb = "{endpoint}"
    iam      = "{endpoint}"
    lambda   = "{endpoint}"
    sfn      = "{endpoint}"
    sns      = "{endpoint}"
    sts      = "{endpoint}"
  }}
}}
"""
REGION = "eu-west-1"
ROLE_POLICY, MACHINE = "aws_iam_role_policy.this", "aws_sfn_state_machine.this"
PERMISSIONS = "output.permissions"


class Failure(Exception):
    """What was expected and did not come."""


def expect(condition: object, text: str) -> None:
    if not condition:
        raise Failure(text)


class Tool:
    """Terraform or OpenTofu, and where it runs."""

    def __init__(self, program: Path, folder: Path, mirror: Path, aws_provider: Path):
        self.program, self.folder = program.resolve(), folder
        self._lock = folder / ".terraform.lock.hcl"
        folder.mkdir(parents=True)
        installation = f'  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n'
        overrides = f'  dev_overrides {{\n    "hashicorp/aws" = "{aws_provider.parent}"\n  }}\n'
        (folder / "init.rc").write_text(f"provider_installation {{\n{installation}}}\n")
        # Named by its folder, the AWS provider is not hashed again by each command, which takes longer than its work.
        (folder / "terraform.rc").write_text(f"provider_installation {{\n{overrides}{installation}}}\n")

    def run(self, folder: Path, *arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        settings = self.folder / ("init.rc" if arguments[0] == "init" else "terraform.rc")
        environment |= {"TF_CLI_CONFIG_FILE": str(settings), "TF_DATA_DIR": str(self.folder / "data")}
        environment |= {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
        done = subprocess.run(
            [self.program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failure(f"{arguments[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def init(self, folder: Path) -> None:
        """Installs both providers, or takes them from the scenario before."""
        if self._lock.exists():
            shutil.copy(self._lock, folder)
        else:
            self.run(folder, "init", "-no-color", "-input=false")
            shutil.copy(folder / ".terraform.lock.hcl", self._lock)


class Scenario:
    """A folder with the files of a scenario, in which one tool runs."""

    def __init__(self, source: Path, tool: "Tool", aws: Aws):
        self.name, self.folder, self.tool, self.aws = source.name, tool.folder / source.name, tool, aws
        shutil.copytree(source, self.folder)
        (self.folder / "stand_in_override.tf").write_text(OVERRIDE.format(endpoint=aws.endpoint))
        with zipfile.ZipFile(self.folder / "report.zip", "w") as package:
            package.writestr("report.py", "def handler(event, context):\n    return event\n")
        # A state machine's own file is named like the scenario.
        self.definition = self.folder / f"{self.name}.asl.json"

    def run(self, *arguments: str) -> str:
        return self.tool.run(self.folder, *arguments)

    def plan(self, name: str, *options: str) -> dict:
        """Plans into a file of that name; address → action of the resources that it changes."""
        changes = {}
        for line in self.run("plan", "-json", "-input=false", f"-out={name}", *options).splitlines():
            message = json.loads(line)
            if message["type"] == "planned_change" and message["change"]["action"] != "read":
                changes[message["change"]["resource"]["addr"]] = message["change"]["action"]
            elif message["type"] == "outputs":
                actions = {output: one["action"] for output, one in message["outputs"].items()}
                changes |= {f"output.{output}": action for output, action in actions.items() if action != "noop"}
        return changes

    def steps(self, record: bool) -> dict[str, dict]:
        """Everything that has to hold. Gives the first and the second plan as JSON, if they are to be recorded."""
        self.tool.init(self.folder)
        plans = {}
        first = self.plan("first")
        expect(set(first.values()) == {"create"} and ROLE_POLICY in first and MACHINE in first, f"the first plan is {first}")
        if PERMISSIONS in first:
            self.shown(json.loads(self.run("show", "-json", "first")))
        self.run("apply", "-no-color", "-input=false", "first")
        second = self.plan("second")
        expect(not second, f"the second plan changes {second}")
        if record:
            plans = {name: json.loads(self.run("show", "-json", name)) for name in ("first", "second")}
        self.arrived()

        # What the role does not need leaves it alone.
        self.edit(lambda machine: machine | {"Comment": "changed"})
        comment = self.plan("comment")
        expect(comment == {MACHINE: "update"}, f"a comment changes {comment}")

        # One more call changes the policy and the state machine, each in its place.
        before = self.document()
        self.edit(with_one_more_call)
        more = self.plan("more")
        policies = {name: "update" for name in first if name in (ROLE_POLICY, "output.policy", PERMISSIONS)}
        expect(more == {MACHINE: "update"} | policies, f"one more call changes {more}")
        self.aws.calls.clear()
        self.run("apply", "-no-color", "-input=false", "more")
        expect(self.aws.calls == ["PutRolePolicy", "UpdateStateMachine"], f"AWS was asked for {self.aws.calls}")
        expect(self.document() != before, "the policy did not change")
        expect("sqs:SendMessage" in json.dumps(self.document()), "the policy lacks the new call")
        self.arrived()

        self.run("destroy", "-no-color", "-input=false", "-auto-approve")
        expect(self.aws.client("iam", REGION).list_roles()["Roles"] == [], "a role is left")
        machines = self.aws.client("stepfunctions", REGION).list_state_machines()["stateMachines"]
        expect(machines == [], "a state machine is left")
        return plans

    def shown(self, plan: dict) -> None:
        """The first plan shows the actions of every task, and does not know every resource."""
        states = json.loads(self.definition.read_text())["States"]
        tasks = {f"/States/{name}" for name, state in states.items() if state["Type"] == "Task"}
        change = plan["output_changes"]["permissions"]
        actions = {state: [action for row in rows for action in row["actions"]] for state, rows in change["after"].items()}
        expect(tasks <= {state for state, of in actions.items() if of}, f"the first plan shows {actions} for {tasks}")
        expect("true" in json.dumps(change["after_unknown"]), "nothing is unknown on the first plan")
        expect("policy" not in plan["planned_values"]["outputs"]
               or "value" not in plan["planned_values"]["outputs"]["policy"], "the policy is known on the first plan")

    def arrived(self) -> None:
        """AWS has the document and the definition that the tool wrote into its state."""
        state = json.loads((self.folder / "terraform.tfstate").read_text())
        ours = json.loads(state["outputs"]["policy"]["value"])
        expect(self.document() == ours, f"the role has {self.document()}\nand not {ours}")
        values = {f"{one['type']}.{one['name']}": one["instances"][0]["attributes"] for one in state["resources"]}[MACHINE]
        machine = self.aws.client("stepfunctions", REGION).describe_state_machine(stateMachineArn=values["arn"])
        expect(json.loads(machine["definition"]) == json.loads(values["definition"]), "another definition arrived")
        expect("${" not in machine["definition"], "a token is left in the definition")

    def document(self) -> dict:
        """The policy that the state machine's role has."""
        stepfunctions, iam = self.aws.client("stepfunctions", REGION), self.aws.client("iam", REGION)
        machines = stepfunctions.list_state_machines()["stateMachines"]
        expect(len(machines) == 1, f"there are {len(machines)} state machines")
        arn = stepfunctions.describe_state_machine(stateMachineArn=machines[0]["stateMachineArn"])["roleArn"]
        role = arn.rsplit("/", 1)[-1]
        names = iam.list_role_policies(RoleName=role)["PolicyNames"]
        expect(len(names) == 1, f"the role has the policies {names}")
        return iam.get_role_policy(RoleName=role, PolicyName=names[0])["PolicyDocument"]

    def edit(self, change) -> None:
        machine = json.loads(self.definition.read_text())
        self.definition.write_text(json.dumps(change(machine), indent=2, ensure_ascii=False) + "\n")


def with_one_more_call(machine: dict) -> dict:
    """The state machine with a message to a queue before everything else, which changes no value."""
    queue = {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/one-more", "MessageBody": "begun"}
    call = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": machine["StartAt"]}
    if machine.get("QueryLanguage") == "JSONata":
        call |= {"Arguments": queue, "Output": "{% $states.input %}"}
    else:
        call |= {"Parameters": queue, "ResultPath": None}
    return machine | {"StartAt": "One more call", "States": {"One more call": call, **machine["States"]}}


def neutral(plan: dict) -> str:
    """A plan as a file for tests: without the time, the ports of the stand-in, and account numbers but the one of the examples."""
    plan = {name: value for name, value in plan.items() if name != "timestamp"}
    text = json.dumps(plan, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    text = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8080", text)
    return re.sub(r"(?<![0-9a-fA-F])\d{12}(?![0-9a-fA-F])", ACCOUNT, text)

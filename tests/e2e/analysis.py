"""The scenario whose first plan shows what the role may do, although a function, a topic and a role are made in the same apply."""

import json

from scenario import MACHINE, REGION, Scenario, expect

# What each state asks for, and whether the first plan knows on what.
ACTIONS = {
    "/States/Make the report": ("lambda:InvokeFunction", False),
    "/States/Keep it": ("dynamodb:PutItem", True),
    "/States/Write the bill": ("sts:AssumeRole", False),
    "/States/Tell the readers": ("sns:Publish", False),
}
PART, WHOLE = 'aws_iam_role_policy.part["{}"]', "aws_iam_policy.whole[0]"
SERVICES = {"dynamodb": True, "lambda": False, "sns": False, "sts": False}


class Analysis(Scenario):
    """A folder whose policy comes from the function `analyze`."""

    def steps(self, record: bool) -> dict[str, dict]:
        self.tool.init(self.folder)
        first = self.plan("first")
        parts = {PART.format(service) for service in SERVICES}
        expect(set(first.values()) == {"create"} and parts | {WHOLE, MACHINE} <= set(first), f"the first plan is {first}")
        shown = self.show("first")
        plans = {"first": shown}
        self.every_action_is_shown(shown["output_changes"]["permissions"])
        changes = {one["address"]: one["change"] for one in shown["resource_changes"]}
        for service, known in SERVICES.items():
            change = changes[PART.format(service)]
            expect(("policy" in change["after"]) == known, f"the first plan has {service} as {change}")
        self.run("apply", "-no-color", "-input=false", "first")
        second = self.plan("second")
        expect(not second, f"the second plan changes {second}")
        plans["second"] = self.show("second")
        before = self.parts()
        expect(set(before) == set(SERVICES), f"the role has policies for {sorted(before)}")

        # Another topic: nothing else has a diff.
        changed = self.plan("changed", "-var=topic=subscribers")
        expected = {"aws_sns_topic.readers": "replace", PART.format("sns"): "update", WHOLE: "update", MACHINE: "update"}
        expected |= {"output.permissions": "update", "output.documents_by_service": "update"}
        expect(changed == expected, f"another topic changes {changed}")
        outputs = self.show("changed")["output_changes"]
        self.only_differs(outputs["permissions"], "/States/Tell the readers")
        self.only_differs(outputs["documents_by_service"], "sns")
        self.run("apply", "-no-color", "-input=false", "changed")
        again = self.plan("again", "-var=topic=subscribers")
        expect(not again, f"the plan after the change changes {again}")
        after = self.parts()
        different = {service for service in SERVICES if before[service] != after[service]}
        expect(different == {"sns"} and "subscribers" in json.dumps(after["sns"]), f"other documents are {different}")

        self.run("destroy", "-no-color", "-input=false", "-auto-approve")
        return plans if record else {}

    def show(self, plan: str) -> dict:
        return json.loads(self.run("show", "-json", plan))

    @staticmethod
    def every_action_is_shown(output: dict) -> None:
        for state, (action, known) in ACTIONS.items():
            (asks,) = output["after"][state]
            expect(asks["actions"] == [action], f"{state} is shown as {asks}")
            unknown = output["after_unknown"] if isinstance(output["after_unknown"], dict) else {}
            is_unknown = has_unknown(unknown.get(state))
            expect(is_unknown != known, f"the resources of {state} are {output}")

    @staticmethod
    def only_differs(output: dict, key: str) -> None:
        before, after = output["before"], output["after"]
        unknown = output["after_unknown"] if isinstance(output["after_unknown"], dict) else {}
        different = {one for one in before if before[one] != after.get(one) or has_unknown(unknown.get(one))}
        expect(different == {key}, f"the change of one ARN changes {different}: {output}")

    def parts(self) -> dict[str, dict]:
        """The policies of the state machine's role, by their names."""
        iam = self.aws.client("iam", REGION)
        names = iam.list_role_policies(RoleName=self.name)["PolicyNames"]
        return {name: iam.get_role_policy(RoleName=self.name, PolicyName=name)["PolicyDocument"] for name in names}


def has_unknown(value: object) -> bool:
    """Whether any part of a value is not known."""
    if isinstance(value, dict):
        return any(has_unknown(one) for one in value.values())
    if isinstance(value, list):
        return any(has_unknown(one) for one in value)
    return value is True

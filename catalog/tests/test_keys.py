import unittest

import tests.support  # noqa: F401

import keys
from tests.support import service, sources, tables

KMS = sources({"kms:CreateGrant": [], "kms:Decrypt": [], "kms:DescribeKey": [], "kms:GenerateDataKey": []})
DAY = "2026-01-31"
SHAPES = {
    "KeyArn": {"type": "string", "pattern": "arn:aws:kms:.*"},
    "Volume": {"type": "structure", "members": {"KmsKeyId": {"shape": "String"}, "KmsKeyType": {"shape": "String"}}},
    "Volumes": {"type": "list", "member": {"shape": "Volume"}},
    "EncryptionKey": {"type": "structure", "members": {"id": {"shape": "String"}}},
}


def row(kind="granted", operations=("Make",), **fields):
    what = {"granted": ["CreateGrant"], "none": "the role uses it", "told": "no page says what the caller needs"}[kind]
    if kind == "granted":
        fields.setdefault("via", "widget")
    source = {"searched": DAY} if kind == "told" else {"page": "https://x", "verified": DAY}
    return {"operations": list(operations), kind: what, **source, **fields}


def widget(members=None, name="Make"):
    return service({name: members or {"KmsKeyId": "String"}}, shapes=SHAPES)


def problems(rows, model=None):
    model = model or widget()
    pages = {"https://x": ["widget"]} if any(one.get("via") == "widget" for one in rows) else {}
    return list(keys.problems({model.segment: model}, tables(keys={model.segment: rows, "via": pages}), KMS))


class Keys(unittest.TestCase):
    def test_parameters_with_keys_at_any_depth(self):
        model = widget({"Volumes": "Volumes", "Cipher": "KeyArn", "encryptionKey": "EncryptionKey", "Name": "String"})
        self.assertEqual(
            keys.parameters(model.operations["Make"]), ["Volumes[].KmsKeyId", "Cipher", "encryptionKey.id"]
        )

    def test_every_key_needs_a_row(self):
        self.assertEqual(problems([row()]), [])
        self.assertEqual(len(problems([])), 1)

    def test_a_row_names_what_exists(self):
        for wrong in (
            row(operations=["Break"]),
            row(keys=["Other"]),
            row(granted=["Encrypted"]),
            row(page="https://x", schema="AWS::X::Y"),
            row("none", via="widget"),
            row("none", why="because"),
        ):
            self.assertTrue(problems([wrong]), wrong)

    def test_no_row_without_a_page_and_a_day_but_what_is_told_with_its_reason(self):
        def without(found, *fields):
            return {name: value for name, value in found.items() if name not in fields}

        schema = {**without(row(), "page"), "schema": "AWS::X::Y"}
        paged = {**without(row("told"), "searched"), "page": "https://x", "verified": DAY}
        for right in (row(), row("none"), row("told"), schema, paged):
            self.assertEqual(problems([right]), [], right)
        for wrong in (
            row(verified="yesterday"),
            row(searched=DAY),
            row("told", verified=DAY),
            row("told", page="https://x"),
            row("told", told=" "),
            without(row(), "verified"),
            without(row("none"), "verified"),
            without(schema, "verified"),
            without(paged, "verified"),
            without(row(), "page"),
            without(row("none"), "page"),
            {**without(row("none"), "page", "verified"), "searched": DAY},
            without(row("told"), "searched"),
        ):
            self.assertEqual(len(problems([wrong])), 1, wrong)

    def test_what_via_service_holds_has_a_page(self):
        model = widget()

        def found(pages, **fields):
            both = {model.segment: [row(**fields)], "via": pages}
            return list(keys.problems({model.segment: model}, tables(keys=both), KMS))

        self.assertEqual(found({"https://x": ["widget"]}, verified=DAY), [])
        self.assertTrue(found({}))
        self.assertTrue(found({"https://x": ["widget", "gadget"]}))
        self.assertTrue(found({"https://x": ["widget"], "https://y": ["widget"]}))

    def test_one_row_for_a_key_unless_conditions_differ(self):
        self.assertTrue(problems([row(), row("none")]))
        self.assertTrue(problems([row(), row(when=["Name"])]))
        self.assertEqual(problems([row(when=["!Name=a"]), row(when=["!Name=b"])]), [])

    def test_a_row_without_keys_is_about_all_others(self):
        model = widget({"KmsKeyId": "String", "VolumeKmsKeyId": "String"})
        rules = keys.rules(
            model.operations["Make"], tables(keys={model.segment: [row(keys=["VolumeKmsKeyId"]), row("none")]})
        )
        self.assertEqual([(r.kind, r.paths, r.actions) for r in rules], [
            ("granted", ["VolumeKmsKeyId"], ["kms:CreateGrant"]), ("none", ["KmsKeyId"], []),
        ])  # fmt: skip

    def test_what_is_told_names_the_usual_actions_if_no_source_names_others(self):
        model = widget()
        (rule,) = keys.rules(model.operations["Make"], tables(keys={model.segment: [row("told")]}))
        self.assertEqual(len(rule.actions), 4)


if __name__ == "__main__":
    unittest.main()

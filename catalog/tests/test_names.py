import unittest

import tests.support  # noqa: F401
from model import java_name, java_path, segment
from patterns import only_arns
from templates import split, variables, well_formed


class Names(unittest.TestCase):
    def test_segments(self):
        for service_id, expected in {
            "SFN": "sfn",
            "CloudWatch Logs": "cloudwatchlogs",
            "Config Service": "config",
            "Directory Service Data": "directoryservicedata",
            "Amazon MQ": "mq",
            "EMR containers": "emrcontainers",
        }.items():
            self.assertEqual(segment(service_id), expected)

    def test_members_as_step_functions_spells_them(self):
        for member, expected in {
            "stateMachineArn": "StateMachineArn",
            "DBInstanceIdentifier": "DbInstanceIdentifier",
            "StreamARN": "StreamARN",
            "SSEKMSKeyId": "SsekmsKeyId",
            "MD5OfMessageBody": "Md5OfMessageBody",
            "equals": "EqualsValue",
            "ACL": "Acl",
        }.items():
            self.assertEqual(java_name(member), expected)
        self.assertEqual(java_path("requestItems{}.DBKeys[]"), "RequestItems{}.DbKeys[]")

    def test_patterns_that_take_nothing_but_arns(self):
        for pattern in ["arn:aws:x:.*", "^arn:.+$", "(arn:a|arn:b):.*", "(?:arn:aws)(-cn)?:.*"]:
            self.assertTrue(only_arns(pattern), pattern)
        for pattern in ["(arn:aws:x:)?[a-z]+", "[a-z]+|arn:.*", "(arn:.*|id-[0-9]+)", "", "[arn:]+"]:
            self.assertFalse(only_arns(pattern), pattern)

    def test_templates(self):
        one, other = split("arn:${Partition}:x:${Region}:${AccountId}:a/${A}, arn:${Partition}:x:${Region}::b/${B}/${C}")
        self.assertEqual(one, "arn:${Partition}:x:${Region}:${Account}:a/${A}")
        self.assertEqual(variables(other), ["B", "C"])
        self.assertTrue(well_formed(one))
        self.assertFalse(well_formed("arn:aws:x"))

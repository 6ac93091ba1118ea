import unittest

import tests.support  # noqa: F401

from actions import answer, proposals
from tests.support import service, sources, tables


def ask(name, exceptions=None, data=None, mapped=(), prefix="widget", **model):
    operation = service({name: {}}, **model).operations[name]
    return answer(operation, prefix, exceptions or tables(), data or sources(), list(mapped))


class Rules(unittest.TestCase):
    def test_exception_comes_first(self):
        data = sources({"widget:ListThings": [], "widget:Read": []})
        rows = tables(actions={"widget": {"ListThings": [{"action": "widget:read", "when": ["Id"]}]}})
        found = ask("ListThings", rows, data)
        self.assertEqual((found.rule, found.grants[0].action, found.grants[0].when), ("exception", "widget:Read", ["Id"]))

    def test_same_name_in_the_spelling_of_the_data(self):
        found = ask("GetWidgetACL", data=sources({"widget:GetWidgetAcl": []}))
        self.assertEqual((found.rule, found.grants[0].action), ("same", "widget:GetWidgetAcl"))

    def test_bearer_token_needs_no_permission(self):
        self.assertEqual(ask("Get", signatureVersion="bearer").rule, "none")

    def test_rest_path_takes_members_by_their_wire_name(self):
        shapes = {
            "In": {"type": "structure", "members": {"restApiId": {"shape": "String", "locationName": "restapi_id"}}},
        }
        widget = service({"GetApi": {}}, shapes=shapes)
        operation = widget.operations["GetApi"]
        operation.method, operation.uri = "GET", "/v2/apis/{restapi_id}"
        operation.members = widget.members_of(shapes["In"])
        found = answer(operation, "apigateway", tables(), sources(), [])
        self.assertEqual(found.grants[0].action, "apigateway:GET")
        self.assertEqual(found.grants[0].arn, "arn:${Partition}:apigateway:${Region}::/apis/${restApiId}")

    def test_map_only_if_all_its_actions_still_exist(self):
        data = sources({"widget:Read": []})
        self.assertEqual(ask("Fetch", data=data, mapped=[{"action": "widget:Read"}]).rule, "map")
        self.assertIsNone(ask("Fetch", data=data, mapped=[{"action": "widget:Read"}, {"action": "widget:Gone"}]))

    def test_text_that_names_the_operations_own_action(self):
        operation = service({"Spin": {}}).operations["Spin"]
        operation.documentation = "<p>You must have the <code>widget:Spin</code> permission.</p>"
        found = answer(operation, "widget", tables(), sources(), [])
        self.assertEqual((found.rule, found.grants[0].unlisted), ("text", True))

    def test_assumed_is_flagged(self):
        found = ask("Spin", tables(unlisted={"assumed": {"widget": ["Spin"]}, "closed": {}, "named": []}))
        self.assertEqual((found.rule, found.grants[0].unlisted, found.grants[0].confidence), ("assumed", True, "low"))

    def test_an_action_that_a_page_names_is_no_guess(self):
        rows = {"assumed": {}, "closed": {}, "named": [{"service": "widget", "operations": ["Spin"]}]}
        found = ask("Spin", tables(unlisted=rows))
        self.assertEqual((found.rule, found.grants[0].unlisted), ("text", True))

    def test_unsettled_operation_gets_proposals(self):
        self.assertIsNone(ask("BatchSpins"))
        operation = service({"BatchGetThings": {}}).operations["BatchGetThings"]
        data = sources({"widget:GetThing": []}, links={"widget": {"batchgetthings": {"widget:GetThing"}}})
        self.assertEqual(
            proposals(operation, "widget", data), [("link", ["widget:GetThing"]), ("affix", ["widget:GetThing"])]
        )

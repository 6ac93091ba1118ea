import unittest
from types import SimpleNamespace

from making import made


def of(name, *kinds):
    return made(SimpleNamespace(name=name), kinds)


class Making(unittest.TestCase):
    def test_the_last_type_in_the_name_is_made(self):
        self.assertEqual(of("CreateThing", "thing", "folder"), {"thing"})
        self.assertEqual(of("CreateDBSnapshot", "db", "snapshot"), {"snapshot"})
        self.assertEqual(of("CreateRecipeJob", "job", "recipe"), {"job"})
        self.assertEqual(of("CreateVpcEndpoint", "vpc", "vpc-endpoint"), {"vpc-endpoint"})
        self.assertEqual(of("CreateDBClusterSnapshot", "cluster", "cluster-snapshot", "snapshot"), {"cluster-snapshot"})

    def test_what_it_is_made_from_is_not(self):
        self.assertEqual(of("RestoreDBClusterFromSnapshot", "cluster", "snapshot"), {"cluster"})
        self.assertEqual(of("CreateVolumeFromBackup", "backup", "volume"), {"volume"})

    def test_plurals_and_versions(self):
        self.assertEqual(of("CreateInstances", "instance", "instance-snapshot"), {"instance"})
        self.assertEqual(of("CreateConnectorV2", "connector", "connectorv2"), {"connectorv2"})
        self.assertEqual(of("CreateRuleV2", "rule"), {"rule"})

    def test_an_association_is_not_what_is_associated(self):
        self.assertEqual(of("AssociateFirewallPolicy", "firewall", "firewall-policy"), set())
        self.assertEqual(of("AssociateProfile", "profile", "profile-association"), {"profile-association"})

    def test_where_the_name_ends_in_no_type_any_in_it_may_be_made(self):
        self.assertEqual(of("CreateLocationEfs", "location"), {"location"})
        self.assertEqual(of("RequestSpotFleet", "spot-fleet-request"), {"spot-fleet-request"})
        self.assertEqual(of("InviteOrganizationToTransfer", "organizational-unit"), set())

    def test_other_calls_make_nothing(self):
        self.assertEqual(of("DescribeThing", "thing"), set())


if __name__ == "__main__":
    unittest.main()

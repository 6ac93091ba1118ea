# A policy for every definition in a folder

locals {
  definitions = { for file in fileset("machines", "*.asl.json") : trimsuffix(file, ".asl.json") => file("machines/${file}") }
}

data "sfniam_policy" "all" {
  for_each           = local.definitions
  definition         = each.value
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = each.key
}

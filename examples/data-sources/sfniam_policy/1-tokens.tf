# A definition with tokens, as AWS SAM has it

data "sfniam_policy" "orders" {
  definition               = file("orders.asl.json")
  definition_substitutions = { ChargeFunction = "arn:aws:lambda:eu-west-1:111122223333:function:charge" }
  mode                     = "least_privilege"
  region                   = "eu-west-1"
  account_id               = "111122223333"
  state_machine_name       = "orders"
}

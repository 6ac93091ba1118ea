# Values known only at run time

data "sfniam_policy" "alerts" {
  definition         = file("alerts.asl.json")
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = "alerts"

  # The topic comes from the input. It is always one of these.
  resource_hint {
    state     = "Alert"
    parameter = "TopicArn"
    resources = ["arn:aws:sns:eu-west-1:111122223333:alerts-*"]
  }

  # Any queue of the account is intended.
  resource_hint {
    state           = "Forward"
    parameter       = "QueueUrl"
    accept_wildcard = true
    reason          = "Tenants create their own queues."
  }
}

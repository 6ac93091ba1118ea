resource "terraform_data" "topic" {
  input = "arn:aws:sns:eu-west-1:111122223333:reports"
}

locals {
  # On the first plan the topic's ARN is not known yet.
  values = { topic = terraform_data.topic.output }
  policy = provider::sfniam::analyze(file("nightly.asl.json"), {
    definition_substitutions = local.values
    mode                     = "least_privilege"
    region                   = "eu-west-1"
    account_id               = "111122223333"
    state_machine_name       = "nightly"
  })
}

# Known on the first plan: the actions of each state.
output "permissions" {
  value = local.policy.permissions
}

# Known on the first plan: which documents there are, and what is in those that the topic does not touch.
output "documents" {
  value = local.policy.documents_by_service
}

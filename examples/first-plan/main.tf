# An order is stored in a table and announced on a topic, which are created in the same apply. The first plan shows what the role may do, although the
# topic's ARN is not known yet.

variable "region" {
  description = "Where the state machine runs."
  type        = string
  default     = "eu-west-1"
}

variable "account_id" {
  description = "The account in which the state machine runs."
  type        = string
  default     = "111122223333"
}

locals {
  name            = "first-plan"
  definition_file = "${path.module}/first-plan.asl.json"

  # The values of the tokens are attributes of resources: see aws.tf.
  policy = provider::sfniam::analyze(file(local.definition_file), {
    definition_substitutions = local.values
    mode                     = "least_privilege"
    region                   = var.region
    account_id               = var.account_id
    state_machine_name       = local.name
  })
}

output "policy" {
  description = "What the state machine's role may do. Known after the first apply."
  value       = local.policy.json
}

output "permissions" {
  description = "The permissions of each state. Their actions are known on the first plan."
  value       = local.policy.permissions
}

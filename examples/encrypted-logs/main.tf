# Payouts: encrypted with a key of its own, logged and traced. One local value of each setting serves the policy and the state machine.

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
  name       = "encrypted-logs"
  definition = file("${path.module}/encrypted-logs.asl.json")

  logging = {
    level                  = "ALL"
    include_execution_data = false
    log_destination        = "arn:aws:logs:${var.region}:${var.account_id}:log-group:/aws/vendedlogs/states/payouts:*"
  }

  encryption = {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = "arn:aws:kms:${var.region}:${var.account_id}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    kms_data_key_reuse_period_seconds = 300
  }

  tracing = { enabled = true }
}

data "sfniam_policy" "this" {
  definition         = local.definition
  mode               = "least_privilege"
  region             = var.region
  account_id         = var.account_id
  state_machine_name = local.name

  logging_configuration    = local.logging
  encryption_configuration = local.encryption
  tracing_configuration    = local.tracing
}

output "policy" {
  description = "What the state machine's role may do."
  value       = data.sfniam_policy.this.json
}

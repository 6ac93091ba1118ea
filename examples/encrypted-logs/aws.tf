# The role and the state machine. Everything in main.tf works without the AWS provider; this file does not.

provider "aws" {
  region = var.region
}

resource "aws_iam_role" "this" {
  name               = local.name
  assume_role_policy = data.sfniam_policy.this.assume_role_policy_json
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = data.sfniam_policy.this.json
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name
  role_arn   = aws_iam_role.this.arn
  definition = local.definition

  logging_configuration {
    level                  = local.logging.level
    include_execution_data = local.logging.include_execution_data
    log_destination        = local.logging.log_destination
  }

  encryption_configuration {
    type                              = local.encryption.type
    kms_key_id                        = local.encryption.kms_key_id
    kms_data_key_reuse_period_seconds = local.encryption.kms_data_key_reuse_period_seconds
  }

  tracing_configuration {
    enabled = local.tracing.enabled
  }

  # AWS checks the role when it creates the state machine, and running executions need it until the machine is gone.
  depends_on = [aws_iam_role_policy.this]
}

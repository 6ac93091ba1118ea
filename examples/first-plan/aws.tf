# The role, the state machine, and what it uses. Everything in main.tf works without the AWS provider; this file does not.

provider "aws" {
  region = var.region
}

# The name is set here, so it is known on the first plan.
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# The ARN is known after the apply.
resource "aws_sns_topic" "readers" {
  name = "readers"
}

locals {
  # One map of values for the policy and for the state machine.
  values = {
    orders  = aws_dynamodb_table.orders.name
    readers = aws_sns_topic.readers.arn
  }
  definition = templatefile(local.definition_file, local.values)
}

resource "aws_iam_role" "this" {
  name               = local.name
  assume_role_policy = local.policy.assume_role_policy_json
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = local.policy.json
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name
  role_arn   = aws_iam_role.this.arn
  definition = local.definition

  # AWS checks the role when it creates the state machine, and running executions need it until the machine is gone.
  depends_on = [aws_iam_role_policy.this]
}

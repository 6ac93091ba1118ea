provider "aws" {
  region = var.region
}

resource "aws_sns_topic" "readers" {
  name = var.topic
}

resource "aws_iam_role" "report" {
  name               = "report"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_iam_role" "billing" {
  name               = "billing"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::111122223333:root" } }] })
}

resource "aws_lambda_function" "report" {
  function_name = "report"
  role          = aws_iam_role.report.arn
  filename      = "${path.module}/report.zip"
  handler       = "report.handler"
  runtime       = "python3.13"
}

resource "aws_iam_role" "this" {
  name               = local.name
  assume_role_policy = local.policy.assume_role_policy_json
}

# A policy for each service: the keys are known on the first plan.
resource "aws_iam_role_policy" "part" {
  for_each = local.policy.documents_by_service
  name     = each.key
  role     = aws_iam_role.this.id
  policy   = each.value
}

# The policy as a whole, if there is anything in it, which is known on the first plan too.
resource "aws_iam_policy" "whole" {
  count  = local.policy.is_empty ? 0 : 1
  name   = local.name
  policy = local.policy.json
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name
  role_arn   = aws_iam_role.this.arn
  definition = templatefile(local.definition, local.values)

  depends_on = [aws_iam_role_policy.part]
}

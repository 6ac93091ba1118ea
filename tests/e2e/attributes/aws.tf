provider "aws" {
  region = var.region
}

resource "aws_sns_topic" "readers" {
  name = "readers"
}

resource "aws_iam_role" "report" {
  name               = "report"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
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
  assume_role_policy = data.sfniam_policy.this.assume_role_policy_json
}

resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = data.sfniam_policy.this.json
}

resource "aws_sfn_state_machine" "this" {
  name       = local.name
  role_arn   = aws_iam_role.this.arn
  definition = templatefile("${path.module}/attributes.asl.json", local.values)

  depends_on = [aws_iam_role_policy.this]
}

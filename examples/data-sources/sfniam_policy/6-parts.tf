# Managed policies, one for each service

data "sfniam_policy" "parts" {
  definition         = file("nightly.asl.json")
  mode               = "least_privilege"
  region             = "eu-west-1"
  account_id         = "111122223333"
  state_machine_name = "nightly"
}

resource "aws_iam_policy" "parts" {
  for_each = data.sfniam_policy.parts.documents_by_service
  name     = "nightly-${each.key}"
  policy   = each.value
}

resource "aws_iam_role_policy_attachment" "parts" {
  for_each   = aws_iam_policy.parts
  role       = aws_iam_role.nightly.name
  policy_arn = each.value.arn
}

locals {
  comparison = provider::sfniam::compare(
    [{ definition = file("orders.asl.json") }],
    [file("orders.policy.json")],
    { region = "eu-west-1", account_id = "111122223333" },
  )
}

# sns:Publish on the topic is missing; dynamodb:* is in excess, because dynamodb:PutItem is enough.
output "missing" {
  value = [for row in local.comparison.missing : "${join(", ", row.actions)} on ${join(", ", row.resources)}"]
}

output "excess" {
  value = {
    for row in local.comparison.excess :
    join(", ", row.actions) => flatten([for enough in row.enough : enough.actions])
  }
}

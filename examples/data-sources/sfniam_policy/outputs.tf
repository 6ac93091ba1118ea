# What becomes of each policy: not on the reference page.

output "orders" {
  value = data.sfniam_policy.orders.json
}

output "alerts" {
  value = data.sfniam_policy.alerts.json
}

output "all" {
  value = { for name, policy in data.sfniam_policy.all : name => policy.json }
}

output "encrypted" {
  value = data.sfniam_policy.encrypted.json
}

output "strict" {
  value = data.sfniam_policy.strict.json
}

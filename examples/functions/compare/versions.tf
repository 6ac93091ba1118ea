terraform {
  required_version = ">= 1.8"

  required_providers {
    sfniam = {
      source  = "sfniam/sfniam"
      version = "~> 0.1.0"
    }
  }
}

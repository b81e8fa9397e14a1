"""What other rooms may use of approvals."""

"""The repayment plan that moves with what happens: one loan, event by event."""

"""The mails that FlowApp sent, keeps, or tries to send."""

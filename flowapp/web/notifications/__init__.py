"""What FlowApp told somebody."""

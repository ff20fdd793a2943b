"""The pages: one folder per area, each with its views, forms and pages."""

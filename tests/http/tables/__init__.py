"""What each form is sent, and where one of the five questions makes no sense, and why: one file for each subject."""

"""Lists of staff, shifts and leave that come in and go out as CSV files.

A list is one file: `staff_list`, `shift_list`, `leave_list`. A further one, such as that of certificates, is a file
like these and a line in `lists`.
"""

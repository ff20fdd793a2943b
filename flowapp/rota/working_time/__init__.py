"""The law on working time, as pure rules over stretches of work: rest, averages, nights, breaks, young workers.

Working Time Regulations 1998 (SI 1998/1833). Everything counts hours that really pass, so a night in which the clocks
change is 11 or 13 hours long.
"""

"""What the people of the demo write when they ask for leave and decide on it."""

from __future__ import annotations

WHY_LEAVE = (
    *("", "", "", "", "Family wedding", "School holidays", "A week in the caravan", "Moving house", "My sister visits"),
    *("A long weekend away", "Decorating", "Grandson’s birthday", "Flights are booked", "A rest", "Concert in Glasgow"),
)
WHY_APPROVED = (
    *("Cover is arranged.", "The rota is full enough that week.", "Enjoy it.", "Agreed; the bank covers two shifts."),
    *("Fine, thank you for asking early.", "Agreed."),
)
WHY_REJECTED = (
    "Too many of us are away that week already. Could you take the week after?",
    "We have nobody to lead the shifts on those days. Please talk to me about other dates.",
    "That week has two inspections and an outing. Please choose another.",
    "Three colleagues asked before you for the same days.",
)
WHY_TAKEN_BACK = ("Plans have changed.", "The trip is cancelled.", "I would rather keep the days.", "")

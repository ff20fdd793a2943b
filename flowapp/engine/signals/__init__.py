"""Steps that wait for events, and the events that come for them."""

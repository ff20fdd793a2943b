"""FlowApp: a care home's rota with an automation engine in it.

Rota changes raise events, events start workflows, workflows change the rota, tell people, wait and ask.
`docs/architecture.md` follows one leave request from the form to the line in the log. This module imports nothing.
"""

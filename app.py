"""FlowApp for development: `python app.py`."""

from __future__ import annotations

from flowapp.factory import create_app

if __name__ == "__main__":
    create_app().run()

"""DeedPro: prepares Californian deeds. A small application for the tour of `readiness`."""

VERSION = "3.0.0"

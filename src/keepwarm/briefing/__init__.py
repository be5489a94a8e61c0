"""A run as one page to read or print: what is out, who is cold, what must be done by when."""

from keepwarm.briefing.page import Brief, brief

__all__ = ["Brief", "brief"]

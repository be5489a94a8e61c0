"""Published results and what keepwarm makes of them: ``keepwarm validate``."""

from keepwarm.validation.run import Row, case_names, validate

__all__ = ["Row", "case_names", "validate"]

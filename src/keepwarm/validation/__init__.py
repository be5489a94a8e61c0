"""Published results and what keepwarm makes of them: ``keepwarm validate``."""

from keepwarm.validation.folders import Row, case_names
from keepwarm.validation.run import validate

__all__ = ["Row", "case_names", "validate"]

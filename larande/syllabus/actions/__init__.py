from .import_subject import Outcome, Verdict, import_subject

__all__ = ["Outcome", "Verdict", "import_subject"]

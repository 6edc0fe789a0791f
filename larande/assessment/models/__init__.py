"""What a pupil knows, judged by steps on the rows of matrices; and the teacher's own summary of a subject."""

from .assessments import Assessment, AssessmentChange, SelfAssessment, SelfAssessmentChange, SubjectSummary, SubjectSummaryChange
from .matrices import AssessmentMatrix, MatrixCell, MatrixLevel, MatrixRow, MatrixUse
from .scales import AssessmentScale, AssessmentStep

__all__ = [
    "Assessment",
    "AssessmentChange",
    "AssessmentMatrix",
    "AssessmentScale",
    "AssessmentStep",
    "MatrixCell",
    "MatrixLevel",
    "MatrixRow",
    "MatrixUse",
    "SelfAssessment",
    "SelfAssessmentChange",
    "SubjectSummary",
    "SubjectSummaryChange",
]

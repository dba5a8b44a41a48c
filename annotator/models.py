"""Gathers the features' models for Django; holds none of its own."""

from annotator.accounts.models import Token, User
from annotator.annotation.models import AnnotationSet, Comment, Rejection, Relation, Reply, Span, Submission, TimeOnTask
from annotator.log.models import Chain, Checkpoint, Event, Remark, SealedHead
from annotator.projects.models import CodebookMove, Membership, Project, ProjectArticle, StageChange
from annotator.registers.models import Entry, EntryWord, Proposal, Ruling
from annotator.schema.models import CodebookDraft, LabelSet
from annotator.workflow.models import Assignment, Decision, GoldSource

__all__ = [
    "AnnotationSet", "Assignment", "Chain", "Checkpoint", "CodebookDraft", "CodebookMove", "Comment", "Decision",
    "Entry", "EntryWord", "Event", "GoldSource", "LabelSet", "Membership", "Project", "ProjectArticle",
    "Proposal", "Rejection", "Relation", "Remark", "Reply", "Ruling", "SealedHead", "Span", "StageChange", "Submission",
    "TimeOnTask", "Token", "User",
]  # fmt: skip

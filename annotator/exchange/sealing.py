"""Every export rests on a checkpoint: made before the first byte, where something has moved since the last one."""

from django.db.models import Q

from annotator.accounts.models import User
from annotator.annotation.models import AnnotationSet
from annotator.exchange.audit import withheld
from annotator.log.checkpoints import seal_moved
from annotator.projects.access import roles_in
from annotator.projects.models import Project

HEADER = "X-Log-Checkpoint"


def seal_export(user: User, project: Project) -> dict[str, str]:
    """Headers of the export: `X-Log-Checkpoint: number hash`, for those who may see the whole log of the project.

    To others it would tell that somebody has worked; for them the export is sealed all the same. Call it
    before the export's snapshot begins: a snapshot takes no writes, and then holds all that was sealed.
    """
    sets = AnnotationSet.objects.filter(project=project)
    chains = Q(pk=project.chain_id) | Q(kind="site") | Q(pk__in=sets.values("chain"))
    checkpoint = seal_moved(f"export of {project.slug}", chains)
    if checkpoint is None or withheld(user, project) or not roles_in(user, project) & {"manager", "adjudicator"}:
        return {}
    return {HEADER: f"{checkpoint.number} {checkpoint.hash}"}

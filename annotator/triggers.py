"""The triggers on annotations and on the log; see `corpus/triggers.py` for how they are made."""

from corpus.triggers import CORPUS_TRIGGERS, Trigger


def _append_only(table: str, name: str) -> tuple[Trigger, ...]:
    message = f"{name} rows are only ever added"
    return tuple(
        Trigger(f"{name}_refuses_{event.lower()}", table, event, message) for event in ("UPDATE", "DELETE", "TRUNCATE")
    )


def _only_while_open(table: str, name: str) -> tuple[Trigger, ...]:
    message = f"the set of this {name} is not open"
    state = "(SELECT state FROM annotator_annotationset WHERE id = {row}.annotation_set_id) <> 'open'"
    moved = "NEW.annotation_set_id <> OLD.annotation_set_id"
    return (
        Trigger(f"{name}_added_while_open", table, "INSERT", message, state.format(row="NEW")),
        Trigger(f"{name}_changed_while_open", table, "UPDATE", message, f"{moved} OR {state.format(row='OLD')}"),
        Trigger(f"{name}_removed_while_open", table, "DELETE", message, state.format(row="OLD")),
    )


_LENGTH = (
    "(SELECT a.length FROM annotator_annotationset s JOIN corpus_article a ON a.id = s.article_id"
    " WHERE s.id = NEW.annotation_set_id)"
)
_STRAY = (
    "(SELECT count(*) FROM annotator_span WHERE id IN (NEW.source_id, NEW.target_id)"
    " AND annotation_set_id = NEW.annotation_set_id) <> 2"
)

ANNOTATOR_TRIGGERS = (
    *_append_only("annotator_event", "event"),
    *_append_only("annotator_checkpoint", "checkpoint"),
    *_append_only("annotator_submission", "submission"),
    *_only_while_open("annotator_span", "span"),
    *_only_while_open("annotator_relation", "relation"),
    *_only_while_open("annotator_rejection", "rejection"),
    Trigger("span_added_inside_text", "annotator_span", "INSERT", "the span ends after the text",
            f'NEW."end" > {_LENGTH}'),
    Trigger("span_moved_inside_text", "annotator_span", "UPDATE", "the span ends after the text",
            f'NEW."end" > {_LENGTH}'),
    Trigger("relation_within_one_set", "annotator_relation", "INSERT", "a relation joins spans of its own set",
            _STRAY),
    Trigger("relation_moved_within_one_set", "annotator_relation", "UPDATE",
            "a relation joins spans of its own set", _STRAY),
    Trigger("frozen_label_set_stays", "annotator_labelset", "UPDATE", "a frozen codebook version never changes",
            "OLD.frozen_at IS NOT NULL AND (NEW.body <> OLD.body OR NEW.digest <> OLD.digest"
            " OR NEW.number <> OLD.number OR NEW.slug <> OLD.slug OR NEW.frozen_at IS NULL)"),
    Trigger("user_is_kept", "annotator_user", "DELETE", "users are deactivated, never deleted"),
    *CORPUS_TRIGGERS,
)  # fmt: skip

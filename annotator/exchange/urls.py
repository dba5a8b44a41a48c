from django.urls import URLPattern, URLResolver, path, re_path

from annotator.exchange import api, writing
from annotator.exchange.documents import openapi
from annotator.rest import no_such_address

urlpatterns: list[URLPattern | URLResolver] = [
    path("sets/<uuid:set_id>/", writing.Set.as_view(), name="api_set"),
    path("sets/<uuid:set_id>/spans/<uuid:span_id>/", writing.SetSpan.as_view(), name="api_span"),
    path("sets/<uuid:set_id>/relations/<uuid:relation_id>/", writing.SetRelation.as_view(), name="api_relation"),
    path("sets/<uuid:set_id>/submit/", writing.Submit.as_view(), name="api_submit"),
    path("sets/<uuid:set_id>/undo/", writing.Undo.as_view(), name="api_undo"),
    path("sets/<uuid:set_id>/redo/", writing.Redo.as_view(), name="api_redo"),
    path("openapi.json", openapi, name="api_openapi"),
    path("projects/", api.Projects.as_view(), name="api_projects"),
    path("projects/<slug:slug>/gold/", api.Gold.as_view(), name="api_gold"),
    path("projects/<slug:slug>/articles/", api.Articles.as_view(), name="api_articles"),
    path("projects/<slug:slug>/annotations/", api.Judgements.as_view(), name="api_annotations"),
    path("projects/<slug:slug>/disagreement/", api.Disagreement.as_view(), name="api_disagreement"),
    path("projects/<slug:slug>/events/", api.Events.as_view(), name="api_events"),
    path("projects/<slug:slug>/codebook/", api.CodebookOfProject.as_view(), name="api_codebook"),
    path("projects/<slug:slug>/registers/", api.Registers.as_view(), name="api_registers"),
    path("projects/<slug:slug>/next/", writing.Next.as_view(), name="api_next"),
    re_path("", no_such_address, name="api_unknown"),
]

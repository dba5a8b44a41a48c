import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
application = get_wsgi_application()

# All pages are loaded before the first one is asked for; and what is loaded stays, so the collector of garbage need not
# go through it each time a large page was made, which took as long as the page.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()

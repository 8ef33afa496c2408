"""The regular resources of domains; another one is a file here and a line in RESOURCES."""

from __future__ import annotations

from hoofprint.management.resource import Resource
from hoofprint.management.resources.alternatives import ALTERNATIVES
from hoofprint.management.resources.filters import FILTERS
from hoofprint.management.resources.reports import REPORTS
from hoofprint.management.resources.views import VIEWS
from hoofprint.management.resources.webhooks import WEBHOOKS

RESOURCES: tuple[Resource, ...] = (ALTERNATIVES, REPORTS, WEBHOOKS, FILTERS, VIEWS)

"""Every table of the management database; importing this package knows them all."""

from hoofprint.records.tables.audit import AuditRecord
from hoofprint.records.tables.clients import ClientRecord, ClientType
from hoofprint.records.tables.deletions import DeletionRecord, DeletionState
from hoofprint.records.tables.domains import (
    AccessLinkRecord,
    DomainRecord,
    EndedDomainRecord,
    HostnameRecord,
)
from hoofprint.records.tables.funnels import FunnelRecord, FunnelStepRecord
from hoofprint.records.tables.goals import GoalRecord
from hoofprint.records.tables.imports import GoogleRecord, ImportRecord, ImportState
from hoofprint.records.tables.logins import (
    CodeKind,
    CodeRecord,
    LoginRecord,
    RecoveryCodeRecord,
    SecondFactorRecord,
)
from hoofprint.records.tables.mails import MailRecord
from hoofprint.records.tables.organizations import (
    AutoJoinRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
)
from hoofprint.records.tables.record import Record
from hoofprint.records.tables.resources import (
    AlertRecord,
    FilterType,
    PreferenceRecord,
    ReportRecord,
    SnippetRecord,
    TrafficFilterRecord,
    ViewRecord,
    WebhookRecord,
)
from hoofprint.records.tables.themes import ImageRecord, ThemeRecord
from hoofprint.records.tables.users import UserRecord

__all__ = [
    "AccessLinkRecord",
    "AlertRecord",
    "AuditRecord",
    "AutoJoinRecord",
    "ClientRecord",
    "ClientType",
    "CodeKind",
    "CodeRecord",
    "DeletionRecord",
    "DeletionState",
    "DomainRecord",
    "EndedDomainRecord",
    "FilterType",
    "FunnelRecord",
    "FunnelStepRecord",
    "GoalRecord",
    "GoogleRecord",
    "HostnameRecord",
    "ImageRecord",
    "ImportRecord",
    "ImportState",
    "InvitationRecord",
    "LoginRecord",
    "MailRecord",
    "MemberRecord",
    "OrganizationRecord",
    "PreferenceRecord",
    "Record",
    "RecoveryCodeRecord",
    "ReportRecord",
    "SecondFactorRecord",
    "SnippetRecord",
    "ThemeRecord",
    "TrafficFilterRecord",
    "UserRecord",
    "ViewRecord",
    "WebhookRecord",
]

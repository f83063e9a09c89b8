"""Tables, constraints and triggers; no verbs. One file per family."""

from yangguang.models.accounts.accounts import (
    Account,
    IdempotencyKey,
    KeyChallenge,
    OneTimeCode,
    RoleAssignment,
    SecurityKey,
)
from yangguang.models.accounts.rate_limits import Allowance
from yangguang.models.admissions.admissions import Admission, ImportedResult
from yangguang.models.admissions.exam_board import ImportDecision, ImportFile
from yangguang.models.admissions.seats import SeatClaim, SeatEvent
from yangguang.models.admissions.waiting_list import StandingAnswer, WaitingList, WaitingOffer, WaitingPlace
from yangguang.models.admissions.withdrawals import Withdrawal
from yangguang.models.applicants.applications import Application
from yangguang.models.applicants.aptitude_tests import AptitudeTestResult
from yangguang.models.applicants.list_files import ListFile
from yangguang.models.applicants.persons import (
    Consent,
    ExamResult,
    Guardian,
    IdentityCase,
    OutsideEnrolment,
    Person,
    SpecialNeeds,
)
from yangguang.models.audit.audit import AuditChainHead, AuditEntry, AuditRoot
from yangguang.models.base.dual_approval import Proposal
from yangguang.models.choices.choice_versions import ChoiceVersion
from yangguang.models.choices.disputes import ChoiceDispute
from yangguang.models.disclosure.bundles import ReplayBundle
from yangguang.models.messages.messages import Message
from yangguang.models.organisation.units import Qualification, Unit
from yangguang.models.plans.plan_changes import PlanChange
from yangguang.models.plans.plans import Plan, PlanVersion, Programme, Quota
from yangguang.models.publicity.notices import Notice
from yangguang.models.records.records import Confirmation, RecordEvent, StudentRecord
from yangguang.models.reporting.reports import MonthlyReport, ReportStep, TechnicianCount
from yangguang.models.reporting.targets import Target
from yangguang.models.runs.rounds import Round, RoundProgramme
from yangguang.models.runs.runs import AdmissionRun, Cutoff, LotterySeed, Placement, RunProgress
from yangguang.models.seasons.calendar_days import CalendarDay
from yangguang.models.seasons.seasons import PolicyRule, PracticeClock, Season, Window, WindowException
from yangguang.models.supervision.sanctions import Sanction, ViolationKind

__all__ = [
    "Account",
    "Admission",
    "AdmissionRun",
    "Allowance",
    "Application",
    "AptitudeTestResult",
    "AuditChainHead",
    "AuditEntry",
    "AuditRoot",
    "CalendarDay",
    "ChoiceDispute",
    "ChoiceVersion",
    "Confirmation",
    "Consent",
    "Cutoff",
    "ExamResult",
    "Guardian",
    "IdempotencyKey",
    "IdentityCase",
    "ImportDecision",
    "ImportFile",
    "ImportedResult",
    "KeyChallenge",
    "ListFile",
    "LotterySeed",
    "Message",
    "MonthlyReport",
    "Notice",
    "OneTimeCode",
    "OutsideEnrolment",
    "Person",
    "Placement",
    "Plan",
    "PlanChange",
    "PlanVersion",
    "PolicyRule",
    "PracticeClock",
    "Programme",
    "Proposal",
    "Qualification",
    "Quota",
    "RecordEvent",
    "ReplayBundle",
    "ReportStep",
    "RoleAssignment",
    "Round",
    "RoundProgramme",
    "RunProgress",
    "Sanction",
    "Season",
    "SeatClaim",
    "SeatEvent",
    "SecurityKey",
    "SpecialNeeds",
    "StandingAnswer",
    "StudentRecord",
    "Target",
    "TechnicianCount",
    "Unit",
    "ViolationKind",
    "WaitingList",
    "WaitingOffer",
    "WaitingPlace",
    "Window",
    "WindowException",
    "Withdrawal",
]

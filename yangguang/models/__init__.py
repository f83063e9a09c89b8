"""Tables, constraints and triggers; no verbs. One file per family."""

from yangguang.models.accounts.accounts import (
    Account,
    IdempotencyKey,
    KeyChallenge,
    OneTimeCode,
    Seat,
    SecurityKey,
)
from yangguang.models.accounts.rate_limits import Allowance
from yangguang.models.admissions.admissions import (
    Admission,
    AdmissionRun,
    Cut,
    ImportedResult,
    LotterySeed,
    Placement,
    RunProgress,
)
from yangguang.models.admissions.exam_board import ImportDecision, ImportFile
from yangguang.models.admissions.seats import SeatClaim, SeatEvent
from yangguang.models.admissions.waiting_list import AutoAnswer, WaitingList, WaitingOffer, WaitingPlace
from yangguang.models.admissions.withdrawals import CalendarDay, Release
from yangguang.models.applicants.applications import Application, ChoiceVersion
from yangguang.models.applicants.aptitude_tests import OwnTestResult
from yangguang.models.applicants.persons import (
    Consent,
    ExamResult,
    Guardian,
    IdentityCase,
    OutsideEnrolment,
    Person,
    SpecialNeeds,
)
from yangguang.models.audit.audit import AuditEntry, AuditHead, AuditRoot
from yangguang.models.base.dual_approval import Proposal
from yangguang.models.choices.disputes import ChoiceContest
from yangguang.models.disclosure.bundles import ReplayBundle
from yangguang.models.messages.messages import Message
from yangguang.models.organisation.units import Qualification, Unit
from yangguang.models.plans.plans import Plan, PlanBucket, PlanLine, PlanVersion
from yangguang.models.publicity.notices import Notice
from yangguang.models.records.records import Confirmation, RecordEvent, StudentRecord
from yangguang.models.reporting.reports import MonthlyReport
from yangguang.models.reporting.targets import Target
from yangguang.models.runs.rounds import Round, RoundLine
from yangguang.models.seasons.seasons import PolicyRule, PracticeClock, Season, Window, WindowException
from yangguang.models.supervision.sanctions import Sanction, ViolationKind

__all__ = [
    "Account", "Admission", "AdmissionRun", "Allowance", "Application", "AuditEntry", "AuditHead",
    "AuditRoot", "AutoAnswer", "CalendarDay", "ChoiceContest", "ChoiceVersion", "Confirmation", "Consent",
    "Cut", "ExamResult", "Guardian", "IdempotencyKey", "IdentityCase", "ImportDecision", "ImportFile",
    "ImportedResult", "KeyChallenge", "LotterySeed", "Message", "MonthlyReport", "Notice", "OneTimeCode",
    "OutsideEnrolment", "OwnTestResult", "Person", "Placement", "Plan", "PlanBucket", "PlanLine", "PlanVersion",
    "PolicyRule", "PracticeClock", "Proposal", "Qualification", "RecordEvent", "Release", "ReplayBundle", "Round",
    "RoundLine", "RunProgress", "Sanction", "Season", "Seat", "SeatClaim", "SeatEvent", "SecurityKey", "SpecialNeeds",
    "StudentRecord", "Target", "Unit", "ViolationKind", "WaitingList", "WaitingOffer", "WaitingPlace",
    "Window", "WindowException",
]  # fmt: skip

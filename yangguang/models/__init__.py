"""Tables, constraints and triggers; no verbs. One file per family."""

from yangguang.models.accounts import Account, IdempotencyKey, KeyChallenge, OneTimeCode, Seat, SecurityKey
from yangguang.models.admissions import (
    Admission,
    AdmissionRun,
    Cut,
    ImportedResult,
    LotterySeed,
    Placement,
    RunProgress,
)
from yangguang.models.allowances import Allowance
from yangguang.models.applications import Application, ChoiceVersion
from yangguang.models.audit import AuditEntry, AuditHead, AuditRoot
from yangguang.models.bundles import ReplayBundle
from yangguang.models.content import Notice
from yangguang.models.imports import ImportDecision, ImportFile
from yangguang.models.messages import Message
from yangguang.models.own_tests import OwnTestResult
from yangguang.models.people import (
    Consent,
    ExamResult,
    Guardian,
    IdentityCase,
    OutsideEnrolment,
    Person,
    SpecialNeeds,
)
from yangguang.models.plans import Plan, PlanBucket, PlanLine, PlanVersion
from yangguang.models.policy import PolicyRule, PracticeClock, Season, Window, WindowException
from yangguang.models.proposals import Proposal
from yangguang.models.releases import CalendarDay, Release
from yangguang.models.reports import MonthlyReport
from yangguang.models.reviews import ChoiceContest
from yangguang.models.rounds import Round, RoundLine
from yangguang.models.seats import SeatClaim, SeatEvent
from yangguang.models.student_records import Confirmation, RecordEvent, StudentRecord
from yangguang.models.supervision import Sanction, ViolationKind
from yangguang.models.targets import Target
from yangguang.models.units import Qualification, Unit
from yangguang.models.waiting import AutoAnswer, WaitingList, WaitingOffer, WaitingPlace

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

"""What the pages of scores and of outside lists share: upload, check, then the page before loading. (R7.05, R5.07)"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yangguang import clock
from yangguang.gateways.ciphers import sm3
from yangguang.models import ListFile
from yangguang.queries.applicants.list_files import find_loaded
from yangguang.rules.accounts.rights import Right
from yangguang.rules.base.refusals import BadRows, Refused
from yangguang.rules.seasons.windows import SHANGHAI
from yangguang.sheets.import_profiles import Profile, load_profiles
from yangguang.sheets.list_files import read_list
from yangguang.sheets.sheet import Row
from yangguang.web.authority.base.layout import page
from yangguang.web.kit.actor import Request
from yangguang.web.kit.error_workbooks import send_error_workbook, store_error_workbook
from yangguang.web.kit.forms import add_refusal

MAX_FILES = 20


@dataclass(frozen=True)
class ListPages:
    """One kind of list: its title and lead, the right to check it, its layouts, and its addresses.

    Args:
        profiles: name of the file of reference data with the layouts.
        front, file, load, template: names of the routes.
    """

    kind: ListFile.FileKind
    title: str
    lead: str
    right: Right
    profiles: str
    front: str
    file: str
    load: str
    template: str

    def get_file(self, request: Request, public_id: UUID) -> ListFile:
        """One stored file. Raises NotFound outside the actor's reach."""
        files = ListFile.objects.for_actor(request.actor, self.right).filter(kind=self.kind)
        file: ListFile = files.select_related("uploaded_by", "unit").get_or_not_found(public_id=public_id)
        return file


class ListFileForm(forms.Form):
    """One file, its layout and its year."""

    year = forms.TypedChoiceField(label="招生年度", coerce=int)
    profile = forms.ChoiceField(label="文件格式")
    file = forms.FileField(
        label="名单文件", help_text=".xlsx 或 .csv，至多20MB、5万行，更多的分成几个文件；上传只核对。"
    )

    def __init__(self, profiles: dict[str, Profile], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        this_year = clock.now().astimezone(SHANGHAI).year
        self.fields["year"].choices = [(one, f"{one}年") for one in (this_year, this_year - 1)]  # type: ignore[attr-defined]
        self.fields["profile"].choices = [(one.code, one.label) for one in profiles.values()]  # type: ignore[attr-defined]
        self.profiles = profiles

    def read(self) -> tuple[list[Row], str]:
        """The rows of the file and its digest. Raises BadRows, Refused."""
        upload = self.cleaned_data["file"]
        data: bytes = upload.read()
        profile = self.profiles[self.cleaned_data["profile"]]
        return read_list(data, upload.name, profile, self.cleaned_data["year"]), sm3(data).hex()


def check_upload(
    request: Request, desk: ListPages, form_class: type[ListFileForm], store: Callable[[ListFileForm], ListFile]
) -> HttpResponse:
    """The form with the newest files; after an upload the page of the file, or every fault at once."""
    if marked := send_error_workbook(request):
        return marked
    profiles = load_profiles(desk.profiles)
    form = form_class(profiles, request.POST, request.FILES) if request.method == "POST" else form_class(profiles)
    refusal, workbook = None, ""
    try:
        if form.is_valid():
            return HttpResponseRedirect(reverse(desk.file, args=[store(form).public_id]))
    except BadRows as error:
        refusal, data = error, form.cleaned_data
        workbook = store_error_workbook(request, data["file"], error, profiles[data["profile"]].sheet)
    except Refused as error:
        add_refusal(form, error)
    files = _list_newest(request, desk)
    layouts = [(one, reverse(desk.template, args=[one.code])) for one in profiles.values()]
    values = {"desk": desk, "form": form, "refusal": refusal, "workbook": workbook, "files": files, "layouts": layouts}
    return page(request, "applicants/list_files", values, status=422 if form.errors or refusal else 200)


def _list_newest(request: Request, desk: ListPages) -> list[tuple[ListFile, bool, str]]:
    """The newest files of this bureau, whether each was loaded, and its address."""
    files = ListFile.objects.for_actor(request.actor, desk.right).filter(kind=desk.kind)
    newest = list(files.order_by("-recorded_at")[:MAX_FILES])
    loaded = find_loaded(newest)
    return [(file, file.pk in loaded, reverse(desk.file, args=[file.public_id])) for file in newest]


def show_file(request: Request, desk: ListPages, file: ListFile) -> HttpResponse:
    """What loading the file would do, as it was when it was uploaded."""
    values = {
        "desk": desk,
        "file": file,
        "is_loaded": file.pk in find_loaded([file]),
        "back": reverse(desk.front),
        "load": reverse(desk.load, args=[file.public_id]),
        "trail": [(desk.title, reverse(desk.front)), ("核对文件", "")],
    }
    return page(request, "applicants/list_file", values)

"""Routes of log-in, log-out and letter size."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.login import bind_key, key_login, phone_login, quiet_phone
from yangguang.web.login.logout import elder, log_out

app_name = "entry"
urlpatterns = [
    path("login/", guard(Right.ACCOUNT_SIGN_IN)(phone_login.log_in), name="login"),
    path("login/staff/", guard(Right.ACCOUNT_SIGN_IN)(key_login.log_in), name="staff"),
    path("login/key/", guard(Right.ACCOUNT_SIGN_IN)(bind_key.bind), name="key"),
    path("login/seat/", guard(Right.ACCOUNT_SIGN_IN)(key_login.choose_seat), name="seat"),
    path("login/fact/", guard(Right.ACCOUNT_SIGN_IN)(quiet_phone.prove), name="fact"),
    path("logout/", guard(Right.ACCOUNT_SIGN_IN)(log_out), name="logout"),
    path("elder", guard(Right.ACCOUNT_SIGN_IN)(elder), name="elder"),
]

"""Routes of log-in, log-out and letter size."""

from django.urls import path

from yangguang.rules.accounts.rights import Right
from yangguang.web.kit.guard import guard
from yangguang.web.login import bind_key, key_login, phone_login
from yangguang.web.login.logout import elder, log_out

app_name = "entry"
enter = guard(Right.ACCOUNT_SIGN_IN)
urlpatterns = [
    path("login/", enter(phone_login.log_in), name="login"),
    path("login/staff/", enter(key_login.log_in), name="staff"),
    path("login/key/", enter(bind_key.bind), name="key"),
    path("login/seat/", enter(key_login.choose_seat), name="seat"),
    path("logout/", enter(log_out), name="logout"),
    path("elder", enter(elder), name="elder"),
]

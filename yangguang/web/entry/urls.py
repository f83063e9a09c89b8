"""Routes of log-in, log-out, letter size and the demonstration's role picker."""

from django.urls import path

from yangguang.rules.rights import Right
from yangguang.web.entry import demo, family, key, staff
from yangguang.web.entry.leaving import elder, log_out
from yangguang.web.kit.guard import guard

app_name = "entry"
enter = guard(Right.ACCOUNT_SIGN_IN)
urlpatterns = [
    path("login/", enter(family.log_in), name="login"),
    path("login/staff/", enter(staff.log_in), name="staff"),
    path("login/key/", enter(key.bind), name="key"),
    path("login/seat/", enter(staff.choose_seat), name="seat"),
    path("logout/", enter(log_out), name="logout"),
    path("elder", enter(elder), name="elder"),
    path("demo/", enter(demo.roles), name="demo"),
]

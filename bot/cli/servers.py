"""The looks of `check` at what the configuration names: IMAP, SMTP, the database."""

from collections.abc import Callable

from bot.config.load import Settings
from bot.config.organization import organization_of
from bot.errors import CheckResult
from bot.lists.orphans import is_orphan
from bot.mail.check import check_imap, check_plus_address, check_sending, check_smtp
from bot.runtime.database import open_store, wall_clock
from bot.store import StoreError, StoreMissing, StoreOutdated, sqlite_problem
from bot.workflow.schedule.staffing import has_lost_its_stage


def looks_at(
    settings: Settings, to: str, plus_seconds: float
) -> dict[str, Callable[[], CheckResult]]:
    """The servers; what sends mail is only tried where it is asked for (`to`, `plus_seconds`)."""
    imap, smtp, mailbox = settings.imap, settings.smtp, settings.mailbox.address
    organization = organization_of(settings)
    words = organization.say("check.subject"), organization.say("check.text")
    looks = {"imap": lambda: _check_imap(settings), "smtp": lambda: check_smtp(smtp)}
    if settings.alarms.host:
        looks["alarms"] = lambda: check_smtp(settings.alarms, "alarms")
    looks["database"] = lambda: _check_database(settings)
    if to:
        looks["sending"] = lambda: check_sending(smtp, mailbox, to, *words)
    if plus_seconds:
        wait = plus_seconds * 0.9
        looks["plus-address"] = lambda: check_plus_address(imap, smtp, mailbox, *words, wait)
    return looks


def _check_imap(settings: Settings) -> CheckResult:
    """The mailbox; and what a first start would read, where the database does not know it."""
    begins = is_new = False
    mailbox = settings.imap.username or settings.mailbox.address
    try:
        with open_store(settings) as store:
            begins = not store.messages.has_begun(mailbox, settings.imap.folder)
            is_new = store.messages.is_unused()
    except StoreMissing:
        begins = is_new = True
    except StoreError:
        pass  # the line of the database says why; what it holds is not known
    now = wall_clock(settings)() if begins else None
    return check_imap(settings.imap, now, is_new=is_new)


def _check_database(settings: Settings) -> CheckResult:
    """Looks, and makes nothing."""
    where = f"database: {settings.database.url}"
    try:
        with open_store(settings) as store:
            with store.work() as work:
                cases = work.cases.waiting()
            organization = organization_of(settings)
            gone = [case.folio for case in cases if has_lost_its_stage(organization, case)]
            advice = f"their stage is gone; the next start moves them on: {', '.join(gone)}"
            asked = sorted(case.folio for case in cases if is_orphan(case))
            orphans = f"it is being asked who answers for the lists of {', '.join(asked)}"
            told = [line for line, some in ((advice, gone), (orphans, asked)) if some]
            return CheckResult(True, f"{where}: {store.ping()}", "\n      ".join(told))
    except (StoreMissing, StoreOutdated) as error:
        problem = sqlite_problem(settings.database.url)
        return CheckResult(not problem, f"{where}: {problem or error}")
    except StoreError as error:
        advice = "check database.url, and that its folder or server can be reached"
        return CheckResult(False, f"{where}: {error}", advice)

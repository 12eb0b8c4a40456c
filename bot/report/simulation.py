"""The page of a simulation: Spanish, self-contained, to be read and printed."""

from email import message_from_bytes
from email.policy import default

from bot.runtime.simulation import Simulated
from bot.workflow.organization import Organization
from replies.beside import template

MOST_DAYS = 366
WORKSPACE, MICROSOFT = 2_000, 10_000  # recipients a day, as the providers say
MOST_TEXT = 4_000


def simulation_page(done: Simulated, cap: int, organization: Organization) -> str:
    """The HTML; `cap` is how many automatic mails a day are allowed."""
    busiest = sorted(done.by_day, key=lambda day: -done.by_day[day].total())[:MOST_DAYS]
    day, most = done.busiest
    names = {one: organization.say(f"mail.{one}") for one in sorted(done.sent)}
    return template("bot.report", "simulation.html.j2").render(
        done=done,
        topics=[(organization.topic(t).title, n) for t, n in sorted(done.topics.items())],
        states=[(organization.say(f"table.state.{s}"), n) for s, n in sorted(done.cases.items())],
        sent=[(names[one], count) for one, count in done.sent.most_common()],
        machines=sorted(done.machines.items(), key=lambda one: -one[1]),
        names=names,
        days=[(d, done.by_day[d]) for d in sorted(busiest)],
        more_days=len(done.by_day) - len(busiest),
        busiest=day,
        most=most,
        cap=cap,
        workspace=WORKSPACE,
        microsoft=MICROSOFT,
        samples=[(names[one], *_shown(raw)) for one, raw in done.samples.items()],
        least_sure=[(mail, organization.topic(mail.intent).title) for mail in done.least_sure],
    )


def _shown(raw: bytes) -> tuple[str, str]:
    mail = message_from_bytes(raw, policy=default)
    body = mail.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return str(mail["Subject"] or ""), text[:MOST_TEXT]
